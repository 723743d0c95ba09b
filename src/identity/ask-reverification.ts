import { newId } from '../kernel/ids.js';
import type { Input } from '../kernel/route.js';
import type { IdentityContext } from './context.js';
import { reverificationAsked } from './events.js';
import { methodsOf } from './has-second-factor.js';
import { challengeOfReverification } from './passkeys/challenge.js';
import { findRelyingParty } from './passkeys/relying-party.js';
import { requestOptions } from './passkeys/request-options.js';
import { identityProblem } from './problems.js';
import { canReverifyBySso } from './sso/can-reverify.js';
import { Reverifications, readPerson } from './store.js';
import { reverificationView } from './view.js';
import { type Person, type ProofMethod, REVERIFICATION_MS, type Reverification } from './words.js';

/**
 * Opens a challenge bound to who asks, in which session, for which act on which payload, and to the account as it is now.
 *
 * @param given  the route id of the act, and the params and body it will be sent with
 * @throws Problem `not_found` (this act asks for none) · `invalid_request` (the payload does not fit the act) ·
 *         `not_allowed` · `second_factor_required` (there is nothing to answer with)
 * Audited as `reverification.asked`. Source: RFC 9470; docs: security, re-verification
 */
export async function askReverification(
  ctx: IdentityContext,
  { actor, act }: Pick<Input, 'actor' | 'act'>,
  given: { operation: string; params?: unknown; body?: unknown },
): Promise<ReturnType<typeof reverificationView> & Answerable> {
  const { sessionId } = actor;
  const person = await readPerson(ctx.db, actor.id);
  const answerable = person && (await answerableBy(ctx, person));
  if (sessionId === undefined || !person || !answerable?.length) throw identityProblem('second_factor_required');
  const { operation, payloadHash, caseId, accountId, accountVersion, confirms } = await ctx.operations.bind(
    ctx,
    given.operation,
    given.params,
    given.body,
    actor,
  );
  return act(async (tx) => {
    const doc: Reverification = {
      _id: newId('reverification'),
      personId: actor.id,
      sessionId,
      operation,
      payloadHash,
      ...(caseId === undefined ? {} : { caseId }),
      ...(accountId === undefined ? {} : { accountId }),
      ...(accountVersion === undefined ? {} : { accountVersion }),
      createdAt: tx.now,
      expiresAt: new Date(tx.now.getTime() + REVERIFICATION_MS),
    };
    await Reverifications(tx).create([doc], { session: tx.session });
    tx.record(reverificationAsked(doc));
    return { ...reverificationView(doc, confirms), ...(await offer(ctx, person, doc, answerable)) };
  });
}

/** With what this person can answer, and what their passkeys are to sign. */
interface Answerable {
  readonly methods: readonly ProofMethod[];
  readonly passkey?: Awaited<ReturnType<typeof requestOptions>>;
}

const answerableBy = async (ctx: IdentityContext, person: Person): Promise<ProofMethod[]> => [
  ...methodsOf(person),
  ...((await canReverifyBySso(ctx, person)) ? (['sso'] as const) : []),
];

async function offer(
  ctx: IdentityContext,
  person: Person,
  { _id }: Reverification,
  methods: readonly ProofMethod[],
): Promise<Answerable> {
  if (!methods.includes('passkey')) return { methods };
  const party = findRelyingParty(ctx);
  if (!party) return { methods: methods.filter((method) => method !== 'passkey') };
  const challenge = challengeOfReverification(ctx.secrets, _id);
  return { methods, passkey: await requestOptions(party.id, challenge, person.passkeys) };
}
