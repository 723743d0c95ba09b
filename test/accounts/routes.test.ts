import assert from 'node:assert/strict';
import type { Express } from 'express';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import request from 'supertest';
import { accountRoutes } from '../../src/accounts/index.js';
import type { Actor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import { serveAs, testActor } from '../support/kernel.js';
import { type AccountsFixture, accountsFixture } from './accounts-fixture.js';

describe('account routes', () => {
  let fixture: AccountsFixture;
  let app: Express;
  let actor: Actor;
  before(async () => {
    fixture = await accountsFixture();
    app = serveAs(fixture.ctx, accountRoutes as never, () => actor);
  });
  beforeEach(async () => {
    actor = await newPerson();
  });
  afterEach(() => fixture.admin.reset());
  after(() => fixture.stop());

  async function newPerson(): Promise<Actor> {
    const id = newId('person');
    await fixture.ctx.db.connection.collection('people').insertOne({
      _id: id as never,
      email: `${id}@example.com`,
      locale: 'en',
      roles: ['customer'],
      contactPoints: [],
      securityVersion: 1,
      createdAt: fixture.ctx.clock.now(),
    });
    return testActor({ kind: 'person', id, roles: ['customer'] });
  }
  const link = (linkCode: unknown, key?: string) =>
    request(app)
      .post('/api/account/link')
      .set(key ? { 'Idempotency-Key': key } : {})
      .send({ linkCode });
  const codeFor = async (accountId: string) => (await fixture.admin.issueLinkCode(accountId)).code;

  it('require somebody who is signed in', async () => {
    actor = testActor({ kind: 'anonymous', id: 'anonymous' });
    const answers = [
      await request(app).get('/api/account'),
      await request(app).get('/api/account/activity'),
      await link('ABCD-EFGH-JKMN'),
    ];
    for (const { status, body } of answers) assert.deepEqual([status, body.code], [401, 'not_signed_in']);
  });

  it('say so while no account is linked', async () => {
    for (const path of ['/api/account', '/api/account/activity']) {
      const { status, body } = await request(app).get(path);
      assert.deepEqual([status, body.code], [409, 'account_not_linked']);
    }
  });

  it('link by code, then show the account and its recent activity live', async () => {
    const accountId = await fixture.open();
    const linked = await link((await codeFor(accountId)).toLowerCase());
    assert.deepEqual([linked.status, linked.body.accountId], [200, accountId]);
    const account = await request(app).get('/api/account').expect(200);
    assert.equal(account.body.accountId, accountId);
    assert.equal(account.body.sessions.length, 2);
    assert.equal(account.body.scopes.length, 9);
    const activity = await request(app).get('/api/account/activity').expect(200);
    assert.equal(activity.body.withdrawals.length, 2);
    const { _id } = await fixture.requestFreeze(accountId, { scopes: ['sessions'] });
    await fixture.freeze(_id);
    const frozen = await request(app).get('/api/account').expect(200);
    assert.deepEqual(frozen.body.sessions, []);
    assert.equal(frozen.body.scopes.find(({ scope }: { scope: string }) => scope === 'sessions').frozen, true);
  });

  it('one code, one person, one account', async () => {
    const accountId = await fixture.open();
    const code = await codeFor(accountId);
    await link(code).expect(200);
    actor = await newPerson();
    const stolen = await link(code);
    assert.deepEqual([stolen.status, stolen.body.code], [422, 'link_code_invalid']);
    const again = await link(await codeFor(accountId));
    assert.deepEqual([again.status, again.body.code], [409, 'account_linked']);
  });

  it('a link whose answer got lost is answered again', async () => {
    const accountId = await fixture.open();
    const code = await codeFor(accountId);
    await fixture.admin.fail({ fail: 'timeout_after_commit', on: ['redeem_link_code'], times: 1 });
    assert.equal((await link(code)).body.code, 'exchange_unavailable');
    const key = 'key-of-a-lost-answer';
    const first = await link(code, key).expect(200);
    const second = await link(code, key).expect(200);
    assert.deepEqual(second.body, first.body);
  });

  it('refuse codes that cannot be one, never with a 500', async () => {
    for (const code of ['', 'short', { $ne: null }, ['A'], null, 'A'.repeat(65), 'ABCD\u0000EFGH', '‮ABCD-EFGH']) {
      const { status, body } = await link(code);
      assert.deepEqual([status, body.code], [400, 'invalid_request']);
    }
    const { status, body } = await link('AAAA-AAAA-AAAA');
    assert.deepEqual([status, body.code], [422, 'link_code_invalid']);
  });

  it('say the exchange is unavailable, and nothing of why', async () => {
    await link(await codeFor(await fixture.open())).expect(200);
    for (const [call, path] of [
      ['read_account', '/api/account'],
      ['read_activity', '/api/account/activity'],
    ] as const) {
      for (const fail of ['error_500', 'drop', 'timeout_before_commit'] as const) {
        await fixture.admin.fail({ fail, on: [call], times: 1 });
        const { status, body } = await request(app).get(path);
        assert.deepEqual([status, body.code, body.detail], [503, 'exchange_unavailable', undefined]);
      }
    }
  });
});
