import { trusted } from 'mongoose';
import type { Actor } from '../kernel/actor.js';
import { tooMany } from '../kernel/limits.js';
import type { Problem } from '../kernel/problem.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import type { IdentityContext } from './context.js';
import { proofRefused } from './events.js';
import { identityProblem } from './problems.js';
import { People, readPerson } from './store.js';
import type { Throttle } from './throttle.js';
import { stepOfCode, unsealTotp } from './totp.js';
import { delayAfter, MOST_FAILURES, type Person, type Proved } from './words.js';

type Reason = 'no-factor' | 'locked' | 'too-soon' | 'replayed' | 'wrong';

/** Leaves the act's transaction, so that the refusal can be counted in one of its own. */
class CodeRefused extends Error {
  readonly reason: Reason;
  readonly retryAt: Date | undefined;

  constructor(reason: Reason, retryAt?: Date) {
    super(reason);
    this.reason = reason;
    this.retryAt = retryAt;
  }
}

interface ShownCode {
  readonly personId: string;
  readonly code: string;
  /** What the code opens, for the audit log. */
  readonly purpose: string;
  /**
   * Where wrong codes count when whoever sends them has shown no password: not at the authenticator, or a thief of the mailbox
   * would lock its owner out of signing in and of freezing the account.
   */
  readonly apart?: Throttle;
}

/**
 * Runs `work` in the request's one transaction, which also spends the code: of a thousand requests with one code exactly
 * one acts, and a code of an act that rolled back is not spent.
 *
 * @throws Problem `code_refused` (wrong, or used before) · `too_many_requests` with `Retry-After` (wait) ·
 *         `factor_locked` (another factor or staff must help) · `second_factor_required` (there is no authenticator)
 * A refusal is audited as `proof.refused` and counted. Source: RFC 6238, 5.2; docs: security, second factor
 */
export async function withCode<T>(
  ctx: IdentityContext,
  { actor, act }: Pick<Input, 'actor' | 'act'>,
  shown: ShownCode,
  work: (tx: Tx, person: Person, proof: Proved) => Promise<T>,
): Promise<T> {
  const { personId, code, apart } = shown;
  if (!apart) await ctx.identity.limits.proofs(personId, actor);
  return ctx.identity.oneAtATime(apart ? `apart ${personId}` : personId, async () => {
    await apart?.look(personId);
    try {
      return await act(async (tx) => {
        const { person, since } = await spendCode(tx, ctx.secrets.totpKey, personId, code);
        return work(tx, person, { method: 'totp', since });
      });
    } catch (error) {
      if (!(error instanceof CodeRefused)) throw error;
      if (error.reason === 'wrong') await apart?.count(personId);
      throw await countRefusal(ctx, actor, shown, error);
    }
  });
}

/** Moves the last step past the code's. The condition on the update decides between racers of different processes. */
async function spendCode(
  tx: Tx,
  key: Uint8Array,
  personId: string,
  code: string,
): Promise<{ person: Person; since: Date }> {
  const person = await readPerson(tx, personId);
  if (!person?.totp) throw new CodeRefused('no-factor');
  const { secret, lastStep, failures, retryAt, confirmedAt } = person.totp;
  if (failures >= MOST_FAILURES) throw new CodeRefused('locked');
  if (retryAt && retryAt > tx.now) throw new CodeRefused('too-soon', retryAt);
  const step = await stepOfCode(unsealTotp(key, personId, secret), code, tx.now);
  if (step === undefined) throw new CodeRefused('wrong');
  const moved = await People(tx).updateOne(
    { _id: personId, 'totp.secret': secret, 'totp.lastStep': trusted({ $lt: step }) },
    { $set: { 'totp.lastStep': step, 'totp.failures': 0 }, $unset: { 'totp.retryAt': 1 } },
    { session: tx.session },
  );
  if (moved.modifiedCount !== 1) throw new CodeRefused(step <= lastStep ? 'replayed' : 'wrong');
  return { person, since: confirmedAt };
}

/** A wrong code counts; a used one does not, for it is no guess, and one asked for too early was not looked at. */
async function countRefusal(
  ctx: IdentityContext,
  actor: Actor,
  { personId, purpose, apart }: ShownCode,
  { reason, retryAt }: CodeRefused,
): Promise<Problem> {
  return ctx.transact(actor, async (tx) => {
    const counts = reason === 'wrong' && !apart;
    const failures = ((await readPerson(tx, personId))?.totp?.failures ?? 0) + (counts ? 1 : 0);
    tx.record(proofRefused(personId, purpose, reason, failures));
    if (reason === 'no-factor') return identityProblem('second_factor_required');
    if (reason === 'locked') return identityProblem('factor_locked');
    if (reason === 'too-soon') return tooMany((retryAt as Date).getTime() - tx.now.getTime());
    if (counts) {
      const next = new Date(tx.now.getTime() + delayAfter(failures));
      await People(tx).updateOne(
        { _id: personId },
        { $set: { 'totp.failures': failures, 'totp.retryAt': next } },
        { session: tx.session },
      );
    }
    return identityProblem('code_refused');
  });
}
