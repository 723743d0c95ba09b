import type { Kernel } from '../kernel/route.js';
import type { Exchange } from './exchange.js';

export interface AccountsContext extends Kernel {
  readonly exchange: Exchange;
}

/** What carrying out a decision needs. */
export type CarryOutContext = Pick<AccountsContext, 'db' | 'transact' | 'exchange'>;
