import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { proofRefused, totpConfirmed } from './events.js';
import { factorChanged } from './factors/factor-changed.js';
import { makeRecoveryCodes } from './factors/make-recovery-codes.js';
import { hasSecondFactor } from './has-second-factor.js';
import { identityProblem } from './problems.js';
import { refuse } from './refuse.js';
import { People, readPerson } from './store.js';
import { stepOfCode, unsealTotp } from './totp.js';
import { PENDING_TOTP_MS, type PendingTotp, type Person, type Totp } from './words.js';

/**
 * Takes the new authenticator into use: this session passed it, every other session ends, and it is young for FACTOR_AGE_DAYS. The
 * first second factor of a person brings ten recovery codes.
 *
 * @returns when, in UTC, and the recovery codes when there are any: shown this once
 * @throws Problem `enrolment_not_open` (start again) · `code_refused` · `too_many_requests`
 * Audited as `factor.confirmed`; a refusal as `proof.refused`. The code is spent.
 */
export async function confirmTotp(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  given: { code: string },
): Promise<{ confirmedAt: string; recoveryCodes?: string[] }> {
  const { actor } = input;
  await ctx.identity.limits.proofs(actor.id, actor);
  const person = await readPerson(ctx.db, actor.id);
  const pending = stillOpen(person, ctx.clock.now());
  const secret = pending && unsealTotp(ctx.secrets.totpKey, actor.id, pending.secret);
  const step = secret === undefined ? undefined : await stepOfCode(secret, given.code, ctx.clock.now());
  if (!pending || step === undefined) {
    const [reason, code] = pending
      ? (['wrong', 'code_refused'] as const)
      : (['no-factor', 'enrolment_not_open'] as const);
    return refuse(ctx, input, proofRefused(actor.id, 'confirm-totp', reason, 0), identityProblem(code));
  }
  return input.act(async (tx) => {
    const before = await readPerson(tx, actor.id);
    if (!before) throw identityProblem('enrolment_not_open');
    const totp: Totp = { ...pending, confirmedAt: tx.now, lastStep: step, failures: 0 };
    const taken = await People(tx).updateOne(
      { _id: actor.id, 'totpPending.secret': pending.secret },
      { $set: { totp }, $unset: { totpPending: 1 }, $inc: { securityVersion: 1 } },
      { session: tx.session },
    );
    if (taken.modifiedCount !== 1) throw identityProblem('enrolment_not_open');
    tx.record(totpConfirmed(actor.id, before.totp !== undefined));
    const kind = before.totp ? 'authenticator-replaced' : 'authenticator-added';
    await factorChanged(tx, before, { kind, passed: true });
    const confirmedAt = tx.now.toISOString();
    if (hasSecondFactor(before)) return { confirmedAt };
    return { confirmedAt, recoveryCodes: (await makeRecoveryCodes(tx, before)).codes };
  });
}

/** What waits to be confirmed, unless it has waited too long. */
function stillOpen(person: Person | null, now: Date): PendingTotp | undefined {
  const pending = person?.totpPending;
  return pending && now.getTime() - pending.enrolledAt.getTime() <= PENDING_TOTP_MS ? pending : undefined;
}
