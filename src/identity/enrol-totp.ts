import { trusted } from 'mongoose';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import { checkPassword } from './check-password.js';
import type { IdentityContext } from './context.js';
import { totpEnrolled } from './events.js';
import { identityProblem } from './problems.js';
import { withCode } from './spend-code.js';
import { People } from './store.js';
import { newTotpSecret, sealTotp, totpCard } from './totp.js';

/**
 * Makes the secret of a new authenticator, to be confirmed with a code within 15 minutes; until then it counts for
 * nothing and the present one stays.
 *
 * @param code  of the present authenticator, when there is one: a password alone replaces no factor
 * @returns the secret (base32), its otpauth URI and the QR code of that (PNG data URI); never shown again
 * @throws Problem `password_refused` · `second_factor_required` (a code of the present one is missing) · what `withCode` throws
 * Audited as `factor.enrolled`.
 */
export async function enrolTotp(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  given: { password: string; code?: string },
): Promise<{ secret: string; uri: string; qr: string }> {
  const person = await checkPassword(ctx, input, given.password, 'enrol-totp');
  const secret = newTotpSecret();
  const card = { secret, ...(await totpCard(person.email, secret)) };
  const sealed = sealTotp(ctx.secrets.totpKey, person._id, secret);
  const keep = async (tx: Tx) => {
    const only = person.totp ? { 'totp.secret': person.totp.secret } : { totp: trusted({ $exists: false }) };
    const kept = await People(tx).updateOne(
      { _id: person._id, ...only },
      { $set: { totpPending: { secret: sealed, enrolledAt: tx.now } } },
      { session: tx.session },
    );
    if (kept.matchedCount !== 1) throw identityProblem('enrolment_not_open');
    tx.record(totpEnrolled(person._id, person.totp !== undefined));
    return card;
  };
  if (!person.totp) return input.act(keep);
  if (given.code === undefined) throw identityProblem('second_factor_required');
  return withCode(ctx, input, { personId: person._id, code: given.code, purpose: 'replace-totp' }, keep);
}
