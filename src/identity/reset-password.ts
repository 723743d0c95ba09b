import { trusted } from 'mongoose';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { IdentityContext } from './context.js';
import { linkRefused, proofRefused } from './events.js';
import { withRecoveryCode } from './factors/with-recovery-code.js';
import { RESET_PASSWORD } from './find-recipient.js';
import { hasSecondFactor } from './has-second-factor.js';
import { requireGoodPassword } from './password.js';
import { PasswordResets, readPasswordReset } from './password-reset.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { setPassword } from './set-password.js';
import { readLink } from './signed-link.js';
import { withCode } from './spend-code.js';
import { readPerson } from './store.js';
import type { Person } from './words.js';

export interface NewPassword {
  /** Of the link. */
  readonly token: string;
  readonly password: string;
  /** Of the authenticator; or a recovery code in its place. */
  readonly code?: string;
  readonly recoveryCode?: string;
}

/**
 * Gives a new password for the link that was mailed and a second factor: a code of the authenticator, or a recovery code. The
 * mailbox alone gets nobody in: who has no second factor proves to staff who they are. Nor does it lock anybody out: wrong codes
 * here slow down further ones here, and no sign-in.
 *
 * @throws Problem `link_refused` (not ours, used, older than 30 minutes, or a password, factor or role changed since) ·
 *         `reset_needs_staff` (there is no second factor) · `password_too_short` · `password_too_common` ·
 *         what `withCode` and `withRecoveryCode` throw
 * Audited as `password.changed`; a refusal as `link.refused` or `proof.refused`. All sessions end.
 */
export async function resetPassword(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  given: NewPassword,
): Promise<void> {
  await ctx.identity.limits.tokenBySource(input.actor.address ?? 'unknown');
  const [resetId = ''] = readLink(ctx.secrets.linkKey, RESET_PASSWORD, ['reset'], given.token) ?? [];
  const person = await ofOpenReset(ctx, resetId);
  if (!person) return refuse(ctx, input, linkRefused('reset-password'), identityProblem('link_refused'));
  await ctx.identity.limits.resetByPerson(person._id);
  if (!hasSecondFactor(person)) {
    const event = proofRefused(person._id, 'reset-password', 'no-factor', 0);
    return refuse(ctx, input, event, identityProblem('reset_needs_staff'));
  }
  if (given.code === undefined && given.recoveryCode === undefined) throw identityProblem('second_factor_required');
  await requireGoodPassword(given.password, person.email);
  const passwordHash = await ctx.identity.passwords.hash(given.password);
  const shown = { personId: person._id, purpose: 'reset-password' };
  const set = async (tx: Tx) => {
    await useUp(tx, resetId);
    await setPassword(tx, person, passwordHash, { how: 'reset' });
  };
  if (given.recoveryCode !== undefined)
    return withRecoveryCode(ctx, input, { ...shown, code: given.recoveryCode, apart: true }, set);
  return withCode(ctx, input, { ...shown, code: given.code ?? '', apart: ctx.identity.throttles.resetCode }, set);
}

async function ofOpenReset({ db, clock }: IdentityContext, resetId: string): Promise<Person | undefined> {
  const reset = await readPasswordReset(db, resetId);
  if (!reset?.personId || reset.usedAt || reset.expiresAt <= clock.now()) return undefined;
  const person = await readPerson(db, reset.personId);
  return person?.securityVersion === reset.securityVersion ? (person ?? undefined) : undefined;
}

/** The condition, not the look before, decides between two that use one link. */
async function useUp(tx: Tx, resetId: string): Promise<void> {
  const used = await PasswordResets(tx).updateOne(
    { _id: resetId, usedAt: trusted({ $exists: false }), expiresAt: trusted({ $gt: tx.now }) },
    { $set: { usedAt: tx.now } },
    { session: tx.session },
  );
  if (used.modifiedCount !== 1) throw identityProblem('link_refused');
}
