import type { Input } from '../../kernel/route.js';
import type { IdentityContext } from '../context.js';
import { totpEnrolled } from '../events.js';
import { identityProblem } from '../problems.js';
import { People, readPerson } from '../store.js';
import { newTotpSecret, sealTotp, totpCard } from '../totp.js';
import { requireAsOld } from './require-as-old.js';

/**
 * Makes the secret of another authenticator, to be confirmed with a code of it within 15 minutes; until then the present one
 * stays. Asked for with the present one, a recovery code or a passkey of its age; whoever has lost all of them goes to staff.
 *
 * @returns the secret (base32), its otpauth URI and the QR code of that (PNG data URI); never shown again
 * @throws Problem `younger_factor`
 * Audited as `factor.enrolled`.
 */
export async function replaceTotp(
  ctx: IdentityContext,
  { actor, act }: Pick<Input, 'actor' | 'act'>,
): Promise<{ secret: string; uri: string; qr: string }> {
  const secret = newTotpSecret();
  const sealed = sealTotp(ctx.secrets.totpKey, actor.id, secret);
  const email = (await readPerson(ctx.db, actor.id))?.email ?? '';
  const card = { secret, ...(await totpCard(email, secret)) };
  return act(async (tx, proof) => {
    const person = await readPerson(tx, actor.id);
    if (!person) throw identityProblem('person_not_found');
    if (person.totp) requireAsOld(ctx, proof, person.totp.confirmedAt, tx.now);
    await People(tx).updateOne(
      { _id: person._id },
      { $set: { totpPending: { secret: sealed, enrolledAt: tx.now } } },
      { session: tx.session },
    );
    tx.record(totpEnrolled(person._id, person.totp !== undefined));
    return card;
  });
}
