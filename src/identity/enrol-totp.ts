import type { Input } from '../kernel/route.js';
import { checkPassword } from './check-password.js';
import type { IdentityContext } from './context.js';
import { totpEnrolled } from './events.js';
import { factorProblem } from './factors/problems.js';
import { hasSecondFactor } from './has-second-factor.js';
import { identityProblem } from './problems.js';
import { People, readPerson } from './store.js';
import { newTotpSecret, sealTotp, totpCard } from './totp.js';

/**
 * Makes the secret of a first authenticator, to be confirmed with a code within 15 minutes; until then it counts for nothing.
 *
 * @returns the secret (base32), its otpauth URI and the QR code of that (PNG data URI); never shown again
 * @throws Problem `password_refused` · `sign_in_again` · `second_factor_set` (a password alone changes no factor)
 * Audited as `factor.enrolled`.
 */
export async function enrolTotp(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  given: { password?: string },
): Promise<{ secret: string; uri: string; qr: string }> {
  const { _id: personId, email } = await checkPassword(ctx, input, given.password ?? '', 'enrol-totp');
  const secret = newTotpSecret();
  const card = { secret, ...(await totpCard(email, secret)) };
  const sealed = sealTotp(ctx.secrets.totpKey, personId, secret);
  return input.act(async (tx) => {
    const person = await readPerson(tx, personId);
    if (!person) throw identityProblem('person_not_found');
    if (hasSecondFactor(person)) throw factorProblem('second_factor_set');
    await People(tx).updateOne(
      { _id: personId },
      { $set: { totpPending: { secret: sealed, enrolledAt: tx.now } } },
      { session: tx.session },
    );
    tx.record(totpEnrolled(personId, false));
    return card;
  });
}
