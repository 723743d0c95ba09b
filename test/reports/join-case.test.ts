import assert from 'node:assert/strict';
import request from 'supertest';
import { ANONYMOUS, REPORT, type ReportWorld, reportWorld, TX_HASH } from './support.js';

describe('a further report of the same loss', () => {
  let world: ReportWorld;
  before(async () => {
    world = await reportWorld();
  });
  after(() => world.close());
  beforeEach(() => world.as(ANONYMOUS));

  const send = async (body: object) => (await request(world.app).post('/api/reports').send(body).expect(201)).body;
  const loss = (email: string, hash = TX_HASH) => ({ ...REPORT, contact: { email }, transactionHashes: [hash] });

  it('joins the open case of the customer, with a tracking token of its own', async () => {
    world.as((await world.customer('five.times@example.org')).actor);
    const first = await send({ ...REPORT, kind: 'unauthorized_trade' });
    const second = await send({ ...REPORT, kind: 'unauthorized_trade', whatHappened: 'Once more.' });
    assert.deepEqual([first.joined, second.joined], [false, true]);
    assert.deepEqual([second.caseNumber, second.caseId], [first.caseNumber, first.caseId]);
    assert.notEqual(second.trackingToken, first.trackingToken);
    for (const { trackingToken } of [first, second]) {
      const tracked = await request(world.app).get('/api/tracking').set('Tracking-Token', trackingToken).expect(200);
      assert.equal(tracked.body.number, first.caseNumber);
    }
    await request(world.app).get('/api/tracking').set('Tracking-Token', 'x'.repeat(43)).expect(404);
    assert.equal(await world.count('cases', { _id: first.caseId, reports: 2 }), 1);
  });

  it('joins across kinds when it shares a transaction, however it is written', async () => {
    world.as((await world.customer('across@example.org')).actor);
    const first = await send({ ...REPORT, kind: 'unauthorized_trade', transactionHashes: [TX_HASH] });
    const other = await send({ ...REPORT, kind: 'phishing', transactionHashes: [`0x${TX_HASH.toUpperCase()}`] });
    const apart = await send({ ...REPORT, kind: 'account_takeover', transactionHashes: ['f'.repeat(64)] });
    assert.deepEqual([other.joined, other.caseNumber], [true, first.caseNumber]);
    assert.equal(apart.joined, false);
  });

  it('freezes as soon as the customer re-verifies', async () => {
    world.as((await world.customer('later@example.org')).actor);
    const first = await send({ ...REPORT, kind: 'unauthorized_trade' });
    assert.equal(first.freeze.state, 'none');
    const { body } = await request(world.app)
      .post('/api/reports')
      .set('Reverification', 'r'.repeat(43))
      .send({ ...REPORT, kind: 'unauthorized_trade' })
      .expect(201);
    assert.deepEqual([body.joined, body.freeze.state, body.state], [true, 'requested', 'freeze-account.requested']);
  });

  it('freezes at once in whatever step the case is, as long as nothing of it is frozen', async () => {
    const { actor, accountId } = await world.customer('again@example.org');
    world.as(actor);
    const body = { ...REPORT, kind: 'unauthorized_trade' };
    const first = await send(body);
    for (const state of ['verify-identity.pending', 'resolve.remediating', 'resolve.released']) {
      await world.ctx.db.connection.collection('cases').updateOne({ _id: first.caseId }, { $set: { state } });
      await world.ctx.db.connection.collection('freezes').deleteMany({ accountId });
      for (const frozen of [1, 1]) {
        await request(world.app).post('/api/reports').set('Reverification', 'r'.repeat(43)).send(body).expect(201);
        assert.equal(await world.count('freezes', { accountId, kind: 'freeze' }), frozen, state);
      }
    }
  });

  it('promises nothing for a time that is over', async () => {
    const { actor } = await world.customer('long.ago@example.org');
    world.as(actor);
    const body = { ...REPORT, kind: 'unauthorized_trade' };
    const first = await send(body);
    await world.ctx.db.connection
      .collection('cases')
      .updateOne({ _id: first.caseId }, { $set: { due: new Date(world.ctx.clock.now().getTime() - 1) } });
    const second = await send(body);
    assert.equal(second.next[0].by, null);
    const mails = (await world.kernel.jobs('send-notice')).map(({ payload }) => payload['params'] as object);
    const about = mails.filter((params) => 'caseNumber' in params && params.caseNumber === first.caseNumber);
    assert.deepEqual(
      about.map((params) => 'nextUpdateBy' in params),
      [true, false],
    );
  });

  it('calls staff when a re-verified customer reports again while a release waits', async () => {
    const { actor } = await world.customer('still.in.danger@example.org');
    world.as(actor);
    const body = { ...REPORT, kind: 'unauthorized_trade' };
    const { caseId, caseNumber } = await send(body);
    await world.ctx.db.connection
      .collection('cases')
      .updateOne({ _id: caseId }, { $set: { state: 'resolve.release-pending' } });
    const pages = async () =>
      (await world.kernel.jobs('send-notice'))
        .map(({ payload }) => payload['params'] as { caseNumber: string; reason?: string })
        .filter((params) => params.caseNumber === caseNumber && params.reason === 'report-during-release').length;
    await send(body);
    assert.equal(await pages(), 0);
    await request(world.app).post('/api/reports').set('Reverification', 'r'.repeat(43)).send(body).expect(201);
    assert.equal(await pages(), 1);
  });

  it('joins a stranger only by the same contact and the same loss', async () => {
    const first = await send(loss('stranger@example.org'));
    const again = await send(loss('STRANGER@example.org'));
    const noLoss = await send({ ...REPORT, contact: { email: 'stranger@example.org' } });
    const otherLoss = await send(loss('stranger@example.org', 'a'.repeat(64)));
    const otherContact = await send(loss('somebody.else@example.org'));
    assert.deepEqual([again.joined, again.caseNumber], [true, first.caseNumber]);
    for (const apart of [noLoss, otherLoss, otherContact]) {
      assert.equal(apart.joined, false);
      assert.notEqual(apart.caseNumber, first.caseNumber);
    }
  });

  it("never leads a stranger into a customer's case, nor a customer into a stranger's", async () => {
    const stranger = await send(loss('victim@example.org', 'b'.repeat(64)));
    const { actor } = await world.customer('victim@example.org');
    world.as(actor);
    const own = await send(loss('victim@example.org', 'b'.repeat(64)));
    assert.equal(own.joined, false);
    world.as(ANONYMOUS);
    const again = await send(loss('victim@example.org', 'b'.repeat(64)));
    assert.deepEqual([again.joined, again.caseNumber, again.caseId], [true, stranger.caseNumber, undefined]);
  });

  it('knows a stranger again by any contact of an earlier report', async () => {
    const hash = 'd'.repeat(64);
    const by = (contact: object) => send({ ...loss('unused@example.org', hash), contact });
    const first = await by({ email: 'two.ways@example.org' });
    const both = await by({ email: 'two.ways@example.org', phone: '+49 170 0000001' });
    const byPhone = await by({ phone: '+491700000001' });
    assert.deepEqual(
      [first, both, byPhone].map(({ joined, caseNumber }) => [joined, caseNumber]),
      [
        [false, first.caseNumber],
        [true, first.caseNumber],
        [true, first.caseNumber],
      ],
    );
  });

  it("opens one case when a stranger's report arrives many times at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => send(loss('stranger.at.once@example.org', 'e'.repeat(64)))),
    );
    assert.equal(new Set(answers.map(({ caseNumber }) => caseNumber)).size, 1);
    assert.equal(answers.filter(({ joined }) => !joined).length, 1);
  });

  it('opens one case when the same report arrives many times at once', async () => {
    world.as((await world.customer('at.once@example.org')).actor);
    const answers = await Promise.all(Array.from({ length: 5 }, () => send({ ...REPORT, kind: 'unauthorized_trade' })));
    assert.equal(new Set(answers.map(({ caseNumber }) => caseNumber)).size, 1);
    assert.equal(answers.filter(({ joined }) => !joined).length, 1);
  });
});
