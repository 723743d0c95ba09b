import type { Tx } from '../../kernel/transact.js';
import { type Answered, settle } from '../answer-reverification.js';
import { ssoUsed } from '../events.js';
import { identityProblem } from '../problems.js';
import { askedAnew } from './asked-anew.js';
import type { SsoClaims } from './client.js';
import { findSsoLink, type SsoFlow } from './words.js';

/**
 * Answers a challenge with the provider's word, when that is as strong as two factors, about the very person who is signed in,
 * and newer than the challenge (RFC 9470, 4: `acr`, `auth_time`).
 *
 * @throws Problem `sso_too_weak` · `sso_not_linked` · what `settle` throws
 * Audited as `sso.used` and `reverification.answered`.
 */
export async function reverifyBySso(tx: Tx, flow: SsoFlow, claims: SsoClaims): Promise<Answered> {
  const link = await findSsoLink(tx, claims.issuer, claims.subject);
  if (link?.personId !== tx.actor.id) throw identityProblem('sso_not_linked');
  if (!claims.strong || !askedAnew(flow, claims)) throw identityProblem('sso_too_weak');
  tx.record(ssoUsed(link, true));
  // Young however long it is linked: it may be the very account that was taken, so staff decide where age counts.
  return settle(tx, flow.reverificationId ?? '', { method: 'sso', since: tx.now });
}
