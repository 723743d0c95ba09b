import assert from 'node:assert/strict';
import request from 'supertest';
import { makeApp } from '../../src/app.js';
import { readCaseNumber } from '../../src/cases/index.js';
import { buildIdentity, makeGate } from '../../src/identity/index.js';
import { hashToken } from '../../src/kernel/ids.js';
import { InFlight } from '../../src/kernel/lifecycle.js';
import { RightOfWay } from '../../src/kernel/right-of-way.js';
import { reportRoutes } from '../../src/reports/index.js';
import { ANONYMOUS, PNG, REPORT, type ReportWorld, reportWorld } from './support.js';

describe('submitting a report', () => {
  let world: ReportWorld;
  before(async () => {
    world = await reportWorld();
  });
  after(() => world.close());
  beforeEach(() => world.as(ANONYMOUS));

  const send = (body: object, key?: string) => {
    const call = request(world.app).post('/api/reports');
    return (key ? call.set('Idempotency-Key', key) : call).send(body);
  };

  it('gives a stranger a speakable number, a secret link, and what happens next and when', async () => {
    const answer = await send(REPORT).expect(201);
    const { caseNumber, trackingToken, trackingLink, ...rest } = answer.body;
    assert.equal(readCaseNumber(caseNumber), caseNumber);
    assert.ok(Buffer.from(trackingToken, 'base64url').length * 8 >= 128);
    assert.equal(trackingLink, `http://127.0.0.1:8080/track#${trackingToken}`);
    assert.equal(rest.caseId, undefined);
    assert.deepEqual([rest.state, rest.joined], ['intake.received', false]);
    assert.deepEqual(rest.freeze, { state: 'none', scopes: [] });
    assert.ok(rest.next[0].what['zh-CN'] && rest.next[0].what.en);
    assert.ok(Date.parse(rest.next[0].by) > Date.now());
  });

  it('stores the tracking token only as a hash, and the words exactly as written', async () => {
    const words = '\u202eevil\u202c 骗子 \ud83d\ude31 $where {"$ne":1} <script>';
    const { body } = await send({ ...REPORT, whatHappened: words }).expect(201);
    assert.equal(await world.count('cases', { trackingHash: body.trackingToken }), 0);
    assert.equal(await world.count('cases', { trackingHash: hashToken(body.trackingToken) }), 1);
    assert.equal(await world.count('reports', { whatHappened: words }), 1);
    const events = await world.kernel.events('report.received');
    assert.ok(!JSON.stringify(events).includes('骗子'));
  });

  it('tells a stranger by mail, with the link, unless they said that somebody reads it', async () => {
    const { body } = await send({ ...REPORT, contact: { email: 'a.reader@example.org' } }).expect(201);
    const mails = async (to: string) =>
      (await world.kernel.jobs('send-notice')).filter(({ payload }) => payload['to'] === to);
    assert.deepEqual(
      (await mails('a.reader@example.org')).map(({ payload }) => (payload['params'] as { link?: string }).link),
      [body.trackingLink],
    );
    await send({ ...REPORT, contact: { email: 'taken@example.org' }, compromised: ['email'] }).expect(201);
    assert.deepEqual(await mails('taken@example.org'), []);
  });

  it('takes a leap day, and the offset of whoever writes', async () => {
    for (const occurredAt of ['2024-02-29T23:59:59.5Z', '2000-02-29T00:00Z', '2026-10-31T08:00:00+08:00'])
      await send({ ...REPORT, occurredAt }).expect(201);
  });

  it('asks a stranger for a way to reach them', async () => {
    const { contact: _, ...silent } = REPORT;
    const answer = await send(silent).expect(422);
    assert.equal(answer.body.code, 'contact_missing');
    await send({ ...silent, contact: {} }).expect(422);
    await send({ ...silent, contact: { phone: '+86 138 0013 8000' } }).expect(201);
  });

  it('takes a report with screenshots, and says what arrived', async () => {
    const answer = await request(world.app)
      .post('/api/reports')
      .field('report', JSON.stringify(REPORT))
      .attach('evidence', PNG, { filename: 'screenshot.png', contentType: 'image/png' })
      .expect(201);
    assert.deepEqual(
      answer.body.evidence.map(({ type, scan, size }: Record<string, unknown>) => [type, scan, size]),
      [['image/png', 'not-scanned', PNG.length]],
    );
    assert.equal((await world.files()).length, 1);
    assert.equal(await world.count('custodyEvents', { act: 'received' }), 1);
  });

  it('gives a repeated report its first answer, also with files', async () => {
    const key = 'report-key-0123456789';
    const first = await send({ ...REPORT, whatHappened: 'Sent twice.' }, key).expect(201);
    const again = await send({ ...REPORT, whatHappened: 'Sent twice.' }, key).expect(201);
    assert.deepEqual(again.body, first.body);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    await send({ ...REPORT, whatHappened: 'Something else.' }, key).expect(422);
    const upload = (bytes: Buffer) =>
      request(world.app)
        .post('/api/reports')
        .set('Idempotency-Key', 'upload-key-0123456789')
        .field('report', JSON.stringify(REPORT))
        .attach('evidence', bytes, 'a.txt');
    const sent = await upload(Buffer.from('one')).expect(201);
    assert.equal((await upload(Buffer.from('one')).expect(201)).body.caseNumber, sent.body.caseNumber);
    await upload(Buffer.from('two')).expect(422);
  });

  it('freezes at once when a signed-in customer re-verified an urgent report', async () => {
    const { actor, accountId } = await world.customer('freeze.me@example.org');
    world.as(actor);
    const answer = await request(world.app)
      .post('/api/reports')
      .set('Reverification', 'r'.repeat(43))
      .send({ ...REPORT, kind: 'unauthorized_trade', contact: undefined })
      .expect(201);
    assert.match(answer.body.caseId, /^case_/);
    assert.equal(answer.body.state, 'freeze-account.requested');
    assert.equal(answer.body.freeze.state, 'requested');
    assert.ok(answer.body.freeze.scopes.includes('crypto_withdrawal'));
    assert.equal(await world.count('freezes', { accountId, state: 'requested' }), 1);
    assert.equal((await world.kernel.jobs('freeze-account')).length, 1);
  });

  it('freezes nothing for a session alone', async () => {
    const { actor } = await world.customer('session.only@example.org');
    world.as(actor);
    const answer = await send({ ...REPORT, kind: 'unauthorized_trade' }).expect(201);
    assert.deepEqual([answer.body.state, answer.body.freeze.state], ['intake.received', 'none']);
  });

  it("holds what was not the customer's against what the exchange says", async () => {
    const { actor, accountId } = await world.customer('activity@example.org');
    world.as(actor);
    const mine = { trades: [`tr-${accountId}-2`], signIns: [`si-${accountId}-4`], withdrawals: [`wd-${accountId}-1`] };
    const right = await send({ ...REPORT, kind: 'unauthorized_trade', notMine: mine }).expect(201);
    const wrong = await send({ ...REPORT, kind: 'other', notMine: { withdrawals: ['wd-somebody-else'] } }).expect(422);
    assert.deepEqual([wrong.body.code, wrong.body.issues[0].path], ['not_in_recent_activity', 'notMine.withdrawals']);
    assert.equal(await world.count('reports', { caseId: right.body.caseId, activity: 'verified' }), 1);
  });

  it('loses no report because the exchange is away, nor because no account is linked', async () => {
    const away = await reportWorld({}, (client) => ({
      ...client,
      recentActivity: () => Promise.reject(new Error('away')),
    }));
    try {
      const person = await away.customer('away@example.org');
      away.as(person.actor);
      const answer = await request(away.app)
        .post('/api/reports')
        .send({ ...REPORT, kind: 'unauthorized_trade', notMine: { trades: ['tr-1'] } })
        .expect(201);
      assert.equal(await away.count('reports', { caseId: answer.body.caseId, activity: 'unverified' }), 1);
    } finally {
      await away.close();
    }
    const unlinked = await world.customer('unlinked@example.org', 'no-account');
    world.as(unlinked.actor);
    await send({ ...REPORT, kind: 'unauthorized_trade', notMine: { trades: ['tr-1'] } }).expect(201);
  });

  it('marks what the customer calls compromised, and writes no link to it', async () => {
    const { actor, contactPointId } = await world.customer('mailbox@example.org');
    world.as(actor);
    await send({ ...REPORT, kind: 'account_takeover', compromised: ['email'] }).expect(201);
    assert.equal(
      await world.count('people', { contactPoints: { $elemMatch: { _id: contactPointId, trust: 'compromised' } } }),
      1,
    );
    const mails = (await world.kernel.jobs('send-notice')).filter(
      ({ payload }) => payload['to'] === 'mailbox@example.org',
    );
    assert.deepEqual(
      mails.map(({ payload }) => payload['template']),
      ['contact-compromised'],
    );
    await send({ ...REPORT, compromised: ['contact_000000000000000000000000'] }).expect(422);
  });

  it('never takes somebody with a token that does not hold for a stranger', async () => {
    const { ctx } = world;
    const identity = buildIdentity(ctx);
    const stepUp = { consume: async () => ({ method: 'totp', since: new Date(0) }), demand: () => new Error('unused') };
    const requests = new InFlight();
    const serving = { stepUp, requests, rightOfWay: new RightOfWay() };
    const app = makeApp({ ...ctx, identity, gate: makeGate({ ...ctx, identity }), ...serving }, reportRoutes);
    const reports = await world.count('reports');
    const files = await world.files();
    const foreign = identity.tokens.issueAccess({ personId: 'person_1', sessionId: 'session_1' }).token;
    for (const authorization of ['Bearer', 'Bearer x', `Bearer ${foreign}`, 'Basic YTpi', '']) {
      const call = request(app).post('/api/reports').set('Authorization', authorization);
      await call.field('report', JSON.stringify(REPORT)).attach('evidence', PNG, 'a.png').expect(401);
    }
    await request(app).post('/api/reports').send(REPORT).expect(201);
    assert.deepEqual([await world.count('reports'), await world.files()], [reports + 1, files]);
  });

  it('leaves nothing when the transaction fails, except on record that what came with it was removed', async () => {
    const all = ['reports', 'cases', 'evidence', 'custodyEvents', 'outbox', 'idempotency'];
    const counts = () => Promise.all(all.map((name) => world.count(name)));
    const events = await world.count('auditEvents');
    const before = { counts: await counts(), files: await world.files() };
    world.failNext(new Error('the store went away'));
    await request(world.app)
      .post('/api/reports')
      .set('Idempotency-Key', 'failing-key-0123456789')
      .field('report', JSON.stringify(REPORT))
      .attach('evidence', Buffer.from('never kept'), 'a.txt')
      .expect(500);
    assert.deepEqual({ counts: await counts(), files: await world.files() }, before);
    assert.equal(await world.count('auditEvents'), events + 1);
    assert.equal(await world.count('auditEvents', { action: 'evidence.object-removed' }), 1);
  });
});
