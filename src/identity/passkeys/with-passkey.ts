import type { Input } from '../../kernel/route.js';
import type { Tx } from '../../kernel/transact.js';
import type { IdentityContext } from '../context.js';
import { passkeyRefused } from '../factors/events.js';
import { factorProblem } from '../factors/problems.js';
import { refuse } from '../refuse.js';
import { People, readPerson } from '../store.js';
import type { Passkey, Person, Proved } from '../words.js';
import { type Assertion, checkAssertion, type Shown } from './check-assertion.js';
import { relyingPartyOf } from './relying-party.js';

export interface ShownPasskey {
  /** Undefined: the assertion names nobody. */
  readonly personId: string | undefined;
  readonly assertion: Assertion;
  /** Whether the challenge is the one that was to be signed. */
  readonly expects: (challenge: string) => boolean;
  /** Crosses the challenge off with the act; false when it was answered before. */
  readonly spend?: (tx: Tx) => Promise<boolean>;
  /** What the passkey opens, for the audit log. */
  readonly purpose: string;
}

type Reason = 'replayed' | 'removed' | 'counter';

/** Leaves the act's transaction, so that the refusal is audited in one of its own. */
class PasskeyRefused extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/**
 * Runs `work` in the request's one transaction, which also spends the challenge and moves the passkey's counter: of many
 * requests with one answer exactly one acts.
 *
 * @throws Problem `passkey_refused` (another's, another challenge or origin, not verified, replayed, or a counter that went
 *         back) · `passkeys_unavailable`
 * A refusal is audited as `proof.refused` with its reason. Source: Web Authentication level 3, 7.2 and 6.1.1
 */
export async function withPasskey<T>(
  ctx: IdentityContext,
  input: Pick<Input, 'actor' | 'act'>,
  { personId, assertion, expects, spend, purpose }: ShownPasskey,
  work: (tx: Tx, person: Person, proof: Proved) => Promise<T>,
): Promise<T> {
  const party = relyingPartyOf(ctx);
  const person = personId === undefined ? null : await readPerson(ctx.db, personId);
  const passkey = person?.passkeys?.find(({ credentialId }) => credentialId === assertion.id);
  const shown = passkey ? await checkAssertion(party, passkey, assertion, expects) : 'unknown';
  const who = { personId: person?._id, passkeyId: passkey?._id };
  const refusal = (reason: string) => passkeyRefused(who, purpose, reason);
  if (!person || !passkey || typeof shown === 'string')
    return refuse(ctx, input, refusal(String(shown)), factorProblem('passkey_refused'));
  try {
    return await input.act(async (tx) => {
      if (spend && !(await spend(tx))) throw new PasskeyRefused('replayed');
      return work(tx, await use(tx, person._id, passkey, shown), { method: 'passkey', since: passkey.addedAt });
    });
  } catch (error) {
    if (!(error instanceof PasskeyRefused)) throw error;
    await ctx.transact(input.actor, async (tx) => tx.record(refusal(error.reason)));
    throw factorProblem('passkey_refused');
  }
}

/** Keeps what the authenticator said of itself. The snapshot decides between two that use it at once. */
async function use(tx: Tx, personId: string, checked: Passkey, { counter, backedUp }: Shown): Promise<Person> {
  const person = await readPerson(tx, personId);
  const passkey = person?.passkeys?.find(({ _id }) => _id === checked._id);
  if (!person || passkey?.publicKey !== checked.publicKey) throw new PasskeyRefused('removed');
  if (!goesOn(passkey.counter, counter)) throw new PasskeyRefused('counter');
  await People(tx).updateOne(
    { _id: personId, 'passkeys._id': passkey._id },
    { $set: { 'passkeys.$.counter': counter, 'passkeys.$.backedUp': backedUp, 'passkeys.$.usedAt': tx.now } },
    { session: tx.session },
  );
  return person;
}

/** Two authenticators with one key count apart; those that do not count stay at 0 (WebAuthn, 6.1.1). */
const goesOn = (kept: number, shown: number): boolean => shown > kept || (shown === 0 && kept === 0);
