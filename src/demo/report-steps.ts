import { readFile } from 'node:fs/promises';
import type { SimulatorAdmin } from '../simulator/index.js';
import { Caller } from './caller.js';
import { FILES, holds, type Me, type ReportAnswer, SCREENSHOTS, type Step } from './scene.js';

export const theft: Step = {
  name: 'a thief trades on the account',
  play: async (scene) => {
    const me = await scene.cast.customer.caller.ask<Me>('GET', '/api/me');
    const stolen = await steal(scene.exchange, me.accountId);
    scene.learn({ me, reportBody: reportOf(stolen) });
  },
};

export const reverifyReport: Step = {
  name: 'the customer re-verifies for exactly this report',
  play: async (scene) => {
    const { caller } = scene.cast.customer;
    scene.learn({ reverification: await caller.reverify('submitReport', {}, scene.know('reportBody')) });
  },
};

export const sendReport: Step = {
  name: 'the customer reports it, with three screenshots',
  play: async (scene) => {
    const sentAt = Date.now();
    const form = await reportForm(scene.know('reportBody'));
    const headers = { Reverification: scene.know('reverification') };
    const report = await scene.cast.customer.caller.ask<ReportAnswer>('POST', '/api/reports', form, headers);
    scene.learn({ sentAt, report });
  },
};

export const confirmFreeze: Step = {
  name: 'the exchange confirms the freeze',
  play: async (scene) => {
    const { caller } = scene.cast.customer;
    scene.learn({
      frozen: await scene.caseUntil(caller, 'frozen', ({ state }) => state.name === 'freeze-account.frozen'),
    });
  },
};

export const lockOut: Step = {
  name: 'the thief can neither trade nor withdraw any more',
  play: async ({ exchange, accountId }) => {
    const open = await Promise.all(
      (['trading', 'crypto_withdrawal'] as const).map((scope) => exchange.attempt(accountId, scope)),
    );
    holds(
      open.every((allowed) => !allowed),
      'the exchange still lets the thief act',
    );
  },
};

export const track: Step = {
  name: 'the tracking link shows that it is being worked on',
  play: async (scene) => {
    const anybody = new Caller(scene.cast.customer.caller.baseUrl, 'anybody');
    const token = { 'Tracking-Token': scene.know('report').trackingToken };
    const { status } = await anybody.ask<{ status: string }>('GET', '/api/tracking', undefined, token);
    holds(status === 'in-progress', `tracking says ${status}`);
  },
};

/** What the exchange's records will show of the theft: a trade and a withdrawal that waits to be sent. */
async function steal(exchange: SimulatorAdmin, accountId: string) {
  const now = Date.now();
  const at = (secondsAgo: number) => new Date(now - secondsAgo * 1_000).toISOString();
  const trade = {
    id: `trade-${now}`,
    time: at(2),
    market: 'BTC/USDT',
    side: 'sell' as const,
    amount: { asset: 'BTC', amount: '1.50000000' },
    price: { asset: 'USDT', amount: '61880.10' },
  };
  const withdrawal = {
    id: `withdrawal-${now}`,
    time: at(1),
    amount: { asset: 'USDT', amount: '92820.15' },
    network: 'TRC20',
    address: 'TXYZexampleWithdrawalAddress1234567',
    txHash: null,
    status: 'pending' as const,
  };
  await exchange.addActivity(accountId, { trades: [trade], withdrawals: [withdrawal] });
  return { trade, withdrawal };
}

const reportOf = ({ trade, withdrawal }: Awaited<ReturnType<typeof steal>>) => ({
  kind: 'unauthorized_trade',
  language: 'zh-CN',
  occurredAt: new Date().toISOString(),
  noticedAt: new Date().toISOString(),
  where: { channel: 'app', detail: '现货交易页面' },
  whatHappened: '我没有下这些单。比特币被卖掉，换来的 USDT 正在提现到我不认识的地址。',
  losses: [{ asset: trade.amount.asset, amount: trade.amount.amount }],
  transactionHashes: [],
  counterpartyAddresses: [withdrawal.address],
  notMine: { trades: [trade.id], withdrawals: [withdrawal.id], signIns: [] },
  compromised: [],
  requestHold: false,
});

/** The report as a browser would send it, with the screenshots. */
export async function reportForm(body: object): Promise<FormData> {
  const form = new FormData();
  form.set('report', JSON.stringify(body));
  for (const name of FILES) {
    const bytes = await readFile(new URL(name, SCREENSHOTS));
    form.append('evidence', new Blob([new Uint8Array(bytes)], { type: 'image/png' }), name);
  }
  return form;
}
