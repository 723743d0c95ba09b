import type { Tx } from '../../kernel/transact.js';
import type { IdentityContext } from '../context.js';
import { type KeptSession, keepSession } from '../deliver-session.js';
import { ssoUsed } from '../events.js';
import { hasSecondFactor, methodsOf } from '../has-second-factor.js';
import { openSession } from '../open-session.js';
import { identityProblem } from '../problems.js';
import { readPerson } from '../store.js';
import { ticketView } from '../view.js';
import type { SsoClaims } from './client.js';
import { isFor } from './link-sso.js';
import { findSsoLink, type SsoFlow, SsoLinks } from './words.js';

/**
 * Signs in whoever a provider says came back: one of two factors, as a password is. Who has a second factor of ours is asked
 * for it, unless the provider says that it asked for as much; staff without one set one up before anything else answers.
 *
 * @throws Problem `sso_not_linked` (sign in another way and link it; never found by an e-mail address) · what `openSession` throws
 * Audited as `sso.used`, and `session.opened` unless there is a second step.
 */
export async function signInBySso(
  tx: Tx,
  ctx: IdentityContext,
  { provider, refreshIn }: SsoFlow,
  { issuer, subject, strong }: SsoClaims,
  userAgent: string | undefined,
): Promise<KeptSession<object>> {
  const link = await findSsoLink(tx, issuer, subject);
  const person = link && (await readPerson(tx, link.personId));
  if (!link || !person || !isFor(person, provider)) throw identityProblem('sso_not_linked');
  await SsoLinks(tx).updateOne({ _id: link._id }, { $set: { usedAt: tx.now } }, { session: tx.session });
  tx.record(ssoUsed(link, strong));
  const second = hasSecondFactor(person);
  if (second && !strong) {
    const { _id: personId, securityVersion } = person;
    return {
      reply: {
        result: 'session',
        ...ticketView(ctx.identity.tokens.issueTicket({ personId, securityVersion }), methodsOf(person)),
      },
    };
  }
  const opened = await openSession(tx, ctx, person, { secondFactor: second, userAgent });
  const { reply, ...kept } = keepSession(opened, refreshIn);
  return { ...kept, reply: { result: 'session', ...reply } };
}
