import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { after, before, describe, it } from 'mocha';
import { type Simulator, simulatorAdmin, startSimulator } from '../../src/simulator/index.js';

describe('simulator: admin', () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator({ secret: new Uint8Array(randomBytes(32)) });
  });
  after(() => simulator.stop());

  it('opens accounts, adds activity and issues link codes', async () => {
    const admin = simulatorAdmin(simulator.url);
    const { accountId, trades } = await admin.openAccount({
      email: 'a@example.com',
      accountId: 'acct-a',
      sample: true,
    });
    assert.equal(accountId, 'acct-a');
    const signIn = {
      id: 'si-9',
      time: '2026-01-02T03:04:05.000Z',
      address: '192.0.2.1',
      device: 'x',
      place: '',
      result: 'failed' as const,
    };
    const after = await admin.addActivity(accountId, { signIns: [signIn] });
    assert.deepEqual(after.signIns.at(-1), signIn);
    assert.equal(after.trades.length, trades.length);
    assert.match((await admin.issueLinkCode(accountId)).code, /^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$/);
    await assert.rejects(admin.openAccount({ email: 'b@example.com', accountId: 'acct-a' }), /account_exists/);
    await assert.rejects(admin.account('acct-nobody'), /account_unknown/);
  });

  it('refuses failure switches that do not fit', async () => {
    const admin = simulatorAdmin(simulator.url);
    await assert.rejects(admin.fail({ fail: 'partial' }), /invalid_request/);
    await assert.rejects(admin.fail({ fail: 'slow', times: 0 }), /invalid_request/);
  });

  it('answers no web page: a foreign Host and a form post are refused', async () => {
    const foreign = await statusOf({ method: 'GET', path: '/admin/ledger', headers: { host: 'rebound.example' } });
    assert.equal(foreign, 403);
    const form = await statusOf({ method: 'POST', path: '/admin/accounts', headers: { 'content-type': 'text/plain' } });
    assert.equal(form, 403);
  });

  const statusOf = (options: {
    method: string;
    path: string;
    headers: Record<string, string>;
  }): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      request({ ...options, host: '127.0.0.1', port: simulator.port }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
});
