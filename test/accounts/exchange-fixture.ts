import { randomBytes } from 'node:crypto';
import type { Exchange, FreezeCommand } from '../../src/accounts/exchange.js';
import { exchangeClient } from '../../src/accounts/exchange-client.js';
import {
  type NewAccount,
  type Simulator,
  type SimulatorAdmin,
  simulatorAdmin,
  startSimulator,
} from '../../src/simulator/index.js';

export interface ExchangeFixture {
  readonly simulator: Simulator;
  readonly admin: SimulatorAdmin;
  readonly exchange: Exchange;
  readonly secret: Uint8Array;
  open(account?: Partial<NewAccount>): Promise<string>;
  stop(): Promise<void>;
}

/** A running exchange and a client that waits for it only briefly. */
export async function exchangeFixture(timeoutMs = 300): Promise<ExchangeFixture> {
  const secret = new Uint8Array(randomBytes(32));
  const simulator = await startSimulator({ secret });
  const admin = simulatorAdmin(simulator.url);
  const exchange = exchangeClient({ url: simulator.url, keyId: 'firebreak', secret, timeoutMs });
  let opened = 0;
  return {
    simulator,
    admin,
    exchange,
    secret,
    open: async (account = {}) => {
      opened += 1;
      return (await admin.openAccount({ email: `owner${opened}@example.com`, sample: true, ...account })).accountId;
    },
    stop: () => simulator.stop(),
  };
}

export const freezeCommand = (accountId: string, over: Partial<FreezeCommand> = {}): FreezeCommand => ({
  operationId: `op_${randomBytes(12).toString('hex')}`,
  accountId,
  scopes: ['crypto_withdrawal', 'trading'],
  generation: 1,
  caseNumber: 'FB-0000-0000-0',
  ...over,
});
