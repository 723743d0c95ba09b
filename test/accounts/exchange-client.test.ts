import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'mocha';
import { exchangeClient } from '../../src/accounts/exchange-client.js';
import { noExchange } from '../../src/accounts/no-exchange.js';
import type { Call } from '../../src/simulator/index.js';
import { type ExchangeFixture, exchangeFixture, freezeCommand } from './exchange-fixture.js';

describe('exchange client', () => {
  let fixture: ExchangeFixture;
  before(async () => {
    fixture = await exchangeFixture();
  });
  afterEach(() => fixture.admin.reset());
  after(() => fixture.stop());

  const frozenEffects = async (accountId: string) =>
    (await fixture.admin.ledger(accountId))
      .filter(({ effect }) => effect === 'scope_frozen')
      .map(({ subject }) => subject);

  it('confirms a freeze with the exchange’s signed receipt', async () => {
    const accountId = await fixture.open();
    const outcome = await fixture.exchange.freeze(freezeCommand(accountId));
    assert.equal(outcome.state, 'confirmed');
    assert.deepEqual(outcome.state === 'confirmed' && outcome.receipt.applied, ['crypto_withdrawal', 'trading']);
    assert.equal(await fixture.admin.attempt(accountId, 'trading'), false);
    assert.equal(await fixture.admin.attempt(accountId, 'fiat_withdrawal'), true);
  });

  it('answers the same command with the same receipt, and does it once', async () => {
    const accountId = await fixture.open();
    const command = freezeCommand(accountId);
    assert.deepEqual(await fixture.exchange.freeze(command), await fixture.exchange.freeze(command));
    assert.deepEqual(await frozenEffects(accountId), ['crypto_withdrawal', 'trading']);
  });

  it('is refused when an operation id comes back with another payload', async () => {
    const accountId = await fixture.open();
    const command = freezeCommand(accountId);
    await fixture.exchange.freeze(command);
    const outcome = await fixture.exchange.freeze({ ...command, scopes: ['sign_in'] });
    assert.deepEqual(outcome, { state: 'refused', operationId: command.operationId, code: 'key_reused' });
  });

  it('is refused when a newer decision came first', async () => {
    const accountId = await fixture.open();
    await fixture.exchange.release(freezeCommand(accountId, { generation: 2 }));
    const late = freezeCommand(accountId, { generation: 1 });
    assert.deepEqual(await fixture.exchange.freeze(late), {
      state: 'refused',
      operationId: late.operationId,
      code: 'stale_generation',
    });
    assert.deepEqual(await frozenEffects(accountId), []);
  });

  it('says which scopes are not frozen', async () => {
    const accountId = await fixture.open();
    await fixture.admin.fail({ fail: 'partial', scopes: ['trading'], times: 1 });
    const outcome = await fixture.exchange.freeze(freezeCommand(accountId));
    assert.equal(outcome.state, 'partial');
    assert.deepEqual(outcome.state === 'partial' && [outcome.applied, outcome.missing], [
      ['crypto_withdrawal'],
      ['trading'],
    ]);
    assert.equal(await fixture.admin.attempt(accountId, 'trading'), true);
  });

  it('is refused when every scope fails', async () => {
    const accountId = await fixture.open();
    await fixture.admin.fail({ fail: 'partial', scopes: ['trading', 'crypto_withdrawal'], times: 1 });
    const outcome = await fixture.exchange.freeze(freezeCommand(accountId));
    assert.equal(outcome.state === 'refused' && outcome.code, 'scopes_unavailable');
  });

  const silences = [
    { fail: 'timeout_after_commit', reason: 'timeout', done: true },
    { fail: 'timeout_before_commit', reason: 'timeout', done: false },
    { fail: 'error_500_after_commit', reason: 'server_error', done: true },
    { fail: 'error_500', reason: 'server_error', done: false },
    { fail: 'drop_after_commit', reason: 'connection_lost', done: true },
    { fail: 'drop', reason: 'connection_lost', done: false },
  ] as const;
  for (const { fail, reason, done } of silences) {
    it(`${fail}: unconfirmed, read back as ${done ? 'done' : 'never arrived'}, one effect in the end`, async () => {
      const accountId = await fixture.open();
      const command = freezeCommand(accountId);
      await fixture.admin.fail({ fail, on: ['freeze'], times: 1 });
      const first = await fixture.exchange.freeze(command);
      assert.deepEqual(first, { state: 'unconfirmed', operationId: command.operationId, reason });
      const back = await fixture.exchange.readOperation({ kind: 'freeze', ...command });
      assert.equal(back?.state, done ? 'confirmed' : undefined);
      if (!back) assert.equal((await fixture.exchange.freeze(command)).state, 'confirmed');
      assert.deepEqual(await frozenEffects(accountId), ['crypto_withdrawal', 'trading']);
    });
  }

  it('a slow answer within the time-out is an answer', async () => {
    const accountId = await fixture.open();
    await fixture.admin.fail({ fail: 'slow', ms: 50, times: 1 });
    assert.equal((await fixture.exchange.freeze(freezeCommand(accountId))).state, 'confirmed');
  });

  it('a command that is committed after the client gave up still takes effect once', async () => {
    const accountId = await fixture.open();
    const command = freezeCommand(accountId);
    await fixture.admin.fail({ fail: 'slow', ms: 400, times: 1 });
    assert.equal((await fixture.exchange.freeze(command)).state, 'unconfirmed');
    assert.equal(await fixture.exchange.readOperation({ kind: 'freeze', ...command }), null);
    assert.equal((await fixture.exchange.freeze(command)).state, 'confirmed');
    // The first request is still on its way; a slow request behind it is answered after it was.
    await fixture.admin.fail({ fail: 'slow', ms: 200, on: ['read_account'], times: 1 });
    await fixture.exchange.accountState(accountId);
    assert.deepEqual(await frozenEffects(accountId), ['crypto_withdrawal', 'trading']);
  });

  it('is unconfirmed when nobody listens', async () => {
    const { url } = fixture.simulator;
    const away = exchangeClient({ url: await freeUrl(), keyId: 'firebreak', secret: fixture.secret, timeoutMs: 300 });
    const outcome = await away.freeze(freezeCommand('acct-1'));
    assert.equal(outcome.state === 'unconfirmed' && outcome.reason, 'unreachable', url);
  });

  it('is unconfirmed with the wrong secret or key name: that is ours to put right, and no decision of the exchange', async () => {
    const accountId = await fixture.open();
    const settings = { url: fixture.simulator.url, keyId: 'firebreak', secret: new Uint8Array(32), timeoutMs: 300 };
    for (const other of [settings, { ...settings, secret: fixture.secret, keyId: 'someone' }]) {
      const outcome = await exchangeClient(other).freeze(freezeCommand(accountId));
      assert.equal(outcome.state === 'unconfirmed' && outcome.reason, 'unauthorized');
      await assert.rejects(exchangeClient(other).accountState(accountId), { code: 'exchange_unavailable' });
    }
    assert.deepEqual(await frozenEffects(accountId), []);
  });

  it('is refused for an account that the exchange does not know', async () => {
    const outcome = await fixture.exchange.freeze(freezeCommand('acct-nobody'));
    assert.equal(outcome.state === 'refused' && outcome.code, 'account_unknown');
  });

  it('reads recent activity and state, newest first, and finds accounts by e-mail or uid', async () => {
    const accountId = await fixture.open({ email: 'Wen@example.test', uid: 'u77' });
    const activity = await fixture.exchange.recentActivity(accountId);
    assert.deepEqual(
      activity.withdrawals.map(({ status }) => status),
      ['pending', 'sent'],
    );
    assert.equal(activity.trades.length, 2);
    const state = await fixture.exchange.accountState(accountId);
    assert.equal(
      state.scopes.every(({ frozen }) => !frozen),
      true,
    );
    assert.equal((await fixture.exchange.findAccount({ email: 'wen@example.test' }))?.accountId, accountId);
    assert.equal((await fixture.exchange.findAccount({ uid: 'u77' }))?.accountId, accountId);
    assert.equal(await fixture.exchange.findAccount({ email: 'nobody@example.com' }), null);
  });

  it('redeems a link code once, for one operation', async () => {
    const accountId = await fixture.open();
    const { code } = await fixture.admin.issueLinkCode(accountId);
    const first = await fixture.exchange.redeemLinkCode(code, 'op_link_0000000001');
    assert.equal(first.accountId, accountId);
    assert.deepEqual(await fixture.exchange.redeemLinkCode(code, 'op_link_0000000001'), first);
    await assert.rejects(fixture.exchange.redeemLinkCode(code, 'op_link_0000000002'), { code: 'link_code_invalid' });
    const { code: old } = await fixture.admin.issueLinkCode(accountId, 0);
    await assert.rejects(fixture.exchange.redeemLinkCode(old, 'op_link_0000000003'), { code: 'link_code_invalid' });
  });

  it('carries out remedies and returns what they ended', async () => {
    const accountId = await fixture.open();
    const remedies = [
      ['revoke_sessions', `ses-${accountId}-1 ses-${accountId}-2`],
      ['revoke_api_keys', `key-${accountId}-1`],
      ['cancel_pending_withdrawals', `wd-${accountId}-2`],
    ] as const;
    for (const [kind, ended] of remedies) {
      const outcome = await fixture.exchange.remedy({
        operationId: `op_${kind}_${accountId}`,
        accountId,
        kind,
        caseNumber: 'FB-1',
      });
      assert.equal(outcome.state === 'confirmed' && outcome.receipt.applied.join(' '), ended);
    }
    const { balances } = await fixture.admin.account(accountId);
    assert.deepEqual(balances.at(-1), { asset: 'USDT', amount: '27750.75' });
  });

  it('tells the owner once', async () => {
    const accountId = await fixture.open();
    const texts = { 'zh-CN': { subject: '提现已暂停', text: '…' }, en: { subject: 'Withdrawals on hold', text: '…' } };
    const message = { operationId: `op_message_${accountId}`, accountId, texts };
    await fixture.exchange.notifyOwner(message);
    await fixture.exchange.notifyOwner(message);
    assert.equal((await fixture.admin.account(accountId)).messages.length, 1);
  });

  it('reads fail with exchange_unavailable, never with what went wrong inside', async () => {
    const accountId = await fixture.open();
    const reads: [Call, () => Promise<unknown>][] = [
      ['read_activity', () => fixture.exchange.recentActivity(accountId)],
      ['read_account', () => fixture.exchange.accountState(accountId)],
      ['find_account', () => fixture.exchange.findAccount({ uid: 'u' })],
      ['redeem_link_code', () => fixture.exchange.redeemLinkCode('AAAA-BBBB-CCCC', 'op_link_0000000009')],
    ];
    for (const [call, read] of reads) {
      await fixture.admin.fail({ fail: 'error_500', on: [call], times: 1 });
      await assert.rejects(read(), { code: 'exchange_unavailable', status: 503 });
    }
  });

  it('without an exchange nothing is ever confirmed', async () => {
    const outcome = await noExchange.freeze(freezeCommand('acct-1'));
    assert.equal(outcome.state === 'unconfirmed' && outcome.reason, 'not_configured');
    await assert.rejects(noExchange.recentActivity('acct-1'), { code: 'exchange_unavailable' });
  });
});

describe('exchange client against an exchange that lies', () => {
  let fixture: ExchangeFixture;
  before(async () => {
    fixture = await exchangeFixture();
  });
  after(() => fixture.stop());

  /** Stands between client and exchange, and changes answers; the client signs for it, so it signs anew. */
  const outcomeOver = async (listener: RequestListener) => {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = exchangeClient({ url, keyId: 'firebreak', secret: fixture.secret, timeoutMs: 300 });
    try {
      return {
        freeze: await client.freeze(freezeCommand('acct-1')),
        read: await client.recentActivity('acct-1').catch((e) => e.code),
      };
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
  const answers =
    (status: number, body: string, type = 'application/json'): RequestListener =>
    (request, response) => {
      request.resume();
      response.writeHead(status, { 'content-type': type }).end(body);
    };

  const receipt = {
    receiptId: 'rcpt_1',
    operationId: 'op_1',
    kind: 'freeze',
    accountId: 'acct-1',
    caseNumber: 'FB-0000-0000-0',
    generation: 1,
    applied: ['crypto_withdrawal', 'trading'],
    missing: [],
    confirmedAt: '2026-01-01T00:00:00.000Z',
    keyId: 'k1',
    signature: 'A'.repeat(86),
  };
  const cases: [string, RequestListener, string][] = [
    ['not JSON', answers(200, '<html>'), 'answer_invalid'],
    ['JSON of another shape', answers(200, '{"state":"confirmed"}'), 'answer_invalid'],
    ['a gateway’s 404', answers(404, '{"message":"no route"}'), 'answer_invalid'],
    ['a redirect', answers(307, '{}'), 'answer_invalid'],
    ['too much', answers(200, `"${'x'.repeat(1_100_000)}"`), 'answer_invalid'],
    ['busy', answers(429, '{}'), 'busy'],
    [
      'a receipt nobody signed',
      answers(200, JSON.stringify({ operationId: 'op_1', state: 'confirmed', receipt })),
      'receipt_invalid',
    ],
  ];
  for (const [name, listener, reason] of cases) {
    it(`${name}: unconfirmed, and unavailable to readers`, async () => {
      const { freeze, read } = await outcomeOver(listener);
      assert.equal(freeze.state === 'unconfirmed' && freeze.reason, reason);
      assert.equal(read, 'exchange_unavailable');
    });
  }
});

/** An address where nobody listens: taken, then given back. */
async function freeUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
