import assert from 'node:assert/strict';
import { expireEvidence } from '../../src/cases/expire-evidence.js';
import { evidenceChecks } from '../../src/evidence/index.js';
import { runChecks } from '../../src/kernel/check.js';
import { DAY, HOUR } from '../../src/kernel/clock.js';
import { type CaseWorld, caseWorld, REASON } from './support.js';

const KEEP_DAYS = 100;

describe('how long evidence is kept', function () {
  this.timeout(180_000);
  let world: CaseWorld;
  beforeEach(async () => {
    world = await caseWorld({ EVIDENCE_KEEP_DAYS: String(KEEP_DAYS) });
  });
  afterEach(() => world.close());

  const table = (name: string) => world.ctx.db.connection.collection(name);
  const add = async (caseId: string) => {
    const _id = await world.evidence(caseId);
    const objectId = _id.replace('evidence', 'object');
    await table('evidence').updateOne({ _id: _id as never }, { $set: { original: 'kept', objectId } });
  };
  const open = async (pieces = 2) => {
    const { _id } = await world.open({});
    for (let n = 0; n < pieces; n += 1) await add(_id);
    return { id: _id, path: `/api/cases/${_id}` };
  };
  const closed = async (pieces?: number) => {
    const made = await open(pieces);
    await world
      .as(world.staff.analyst)
      .plain(`${made.path}/closing`, { outcome: 'no-loss', ...REASON })
      .expect(200);
    return made;
  };
  const states = async (caseId: string) =>
    (await table('evidence').find({ caseId }).toArray()).map(({ original }) => original);
  const acts = async (caseId: string) =>
    (await table('custodyEvents').find({ caseId }).sort({ _id: 1 }).toArray()).map(({ act }) => act);

  it('erases it so many days after the closing, once, and says so in the case and in the log', async () => {
    const { id, path } = await closed();
    const until = (await world.as(world.staff.compliance).get(path).expect(200)).body.evidenceKeptUntil;
    assert.equal(Date.parse(until), Number((await world.case(id)).closedAt) + KEEP_DAYS * DAY);
    world.ctx.clock.advance(KEEP_DAYS * DAY - HOUR);
    assert.equal(await expireEvidence(world.ctx), 0);
    world.ctx.clock.advance(HOUR);
    assert.equal(await expireEvidence(world.ctx), 2);
    assert.deepEqual(
      [await states(id), await acts(id)],
      [
        ['erased', 'erased'],
        ['erased', 'erased'],
      ],
    );
    assert.equal(await expireEvidence(world.ctx), 0);
    const [event, ...more] = await world.kernel.events('evidence.expired');
    assert.ok(event && more.length === 0);
    assert.equal((await world.kernel.events('evidence.erased')).length, 2);
    assert.equal((await world.case(id)).history.at(-1)?.event, 'evidence.expired');
  });

  it('erases a large case in parts', async () => {
    await closed(120);
    world.ctx.clock.advance(KEEP_DAYS * DAY);
    assert.equal(await expireEvidence(world.ctx), 120);
    assert.equal((await world.kernel.events('evidence.expired')).length, 2);
  });

  it('keeps that of an open case, however old, and that of one opened again', async () => {
    const { id } = await open();
    const again = await closed();
    await world.as(world.staff.analyst).plain(`${again.path}/reopening`, REASON).expect(200);
    world.ctx.clock.advance(1_000 * DAY);
    assert.equal(await expireEvidence(world.ctx), 0);
    assert.deepEqual([...(await states(id)), ...(await states(again.id))], ['kept', 'kept', 'kept', 'kept']);
  });

  it('keeps it as long as a legal hold stands, and writes into its custody that it does', async () => {
    const { id, path } = await closed();
    await world.as(world.staff.compliance).post(`${path}/legal-hold`, REASON).expect(200);
    world.ctx.clock.advance(1_000 * DAY);
    assert.equal(await expireEvidence(world.ctx), 0);
    await world.as(world.staff.compliance).post(`${path}/legal-hold/lifting`, REASON).expect(200);
    assert.deepEqual(await acts(id), ['held', 'held', 'released-from-hold', 'released-from-hold']);
    const custody = evidenceChecks.filter(({ name }) => name === 'evidence-custody');
    const found = (await runChecks(world.ctx as never, custody, { deep: false })).flatMap(({ findings }) => findings);
    assert.deepEqual(
      found.filter(({ kind }) => kind.startsWith('custody')),
      [],
    );
    assert.equal(await expireEvidence(world.ctx), 2);
  });

  it('goes by the day that compliance set, longer or shorter, but never before the case can be opened no more', async () => {
    const [longer, shorter] = [await closed(), await closed()];
    const body = (days: number) => ({
      until: new Date(world.ctx.clock.now().getTime() + days * DAY).toISOString(),
      ...REASON,
    });
    const set = (path: string, days: number) =>
      world.as(world.staff.compliance).post(`${path}/retention`, body(days)).expect(200);
    await world.as(world.staff.analyst).post(`${longer.path}/retention`, body(1)).expect(403);
    await world.as(world.staff.compliance).plain(`${longer.path}/retention`, body(1)).expect(401);
    assert.equal((await set(longer.path, 200)).body.retentionReason, REASON.reason);
    const until = (await set(shorter.path, 1)).body.evidenceKeptUntil;
    assert.equal(Date.parse(until), Number((await world.case(shorter.id)).closedAt) + 30 * DAY);
    world.ctx.clock.advance(30 * DAY);
    assert.equal(await expireEvidence(world.ctx), 2);
    assert.deepEqual(await states(shorter.id), ['erased', 'erased']);
    world.ctx.clock.advance(150 * DAY);
    assert.equal(await expireEvidence(world.ctx), 0);
    world.ctx.clock.advance(20 * DAY);
    assert.equal(await expireEvidence(world.ctx), 2);
  });

  it('is decided by the hold when both come at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, path } = await closed(3);
      world.ctx.clock.advance(KEEP_DAYS * DAY);
      const [, hold] = await Promise.all([
        expireEvidence(world.ctx),
        world.as(world.staff.compliance).post(`${path}/legal-hold`, REASON),
      ]);
      assert.equal(hold.status, 200);
      const custody = await acts(id);
      const held = custody.indexOf('held');
      assert.ok(custody.indexOf('erased', held) < 0, custody.join());
      const all = new Set(await states(id));
      assert.equal(all.size, 1, 'all of it or nothing');
    }
  });
});
