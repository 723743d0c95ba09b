import { createHash } from 'node:crypto';
import type { Actor } from '../kernel/actor.js';
import type { AccountsContext } from './context.js';

/**
 * Asks the exchange whose account a link code stands for.
 *
 * The code is spent by this; the operation id is made of person and code, so that the same person who sends it again (a lost
 * answer, a crash before the link was written) gets the same account, and nobody else does.
 *
 * @throws Problem `link_code_invalid` · `exchange_unavailable`
 */
export function redeemLinkCode(
  { exchange }: Pick<AccountsContext, 'exchange'>,
  actor: Actor,
  linkCode: string,
): Promise<{ accountId: string; uid: string }> {
  const code = linkCode.toUpperCase();
  const name = createHash('sha256').update(`${actor.id}\n${code}`).digest('base64url');
  return exchange.redeemLinkCode(code, `op_link_${name}`);
}
