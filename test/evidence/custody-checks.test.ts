import assert from 'node:assert/strict';
import request from 'supertest';
import { eraseEvidence, evidenceChecks } from '../../src/evidence/index.js';
import { runChecks } from '../../src/kernel/check.js';
import { HOUR } from '../../src/kernel/clock.js';
import type { Tx } from '../../src/kernel/transact.js';
import { AGENT, CASE, COMPLIANCE, type EvidenceWorld, evidenceWorld, OWNER, PNG, person } from './support.js';

describe('fsck of custody', () => {
  let world: EvidenceWorld;
  let evidence: string;
  before(async () => {
    world = await evidenceWorld();
    for (const bytes of [PNG, Buffer.from('what was said')]) {
      const name = bytes === PNG ? 'a.png' : 'b.txt';
      const sent = request(world.app).post(`/api/cases/${CASE}/evidence`).attach('evidence', bytes, name);
      const { body } = await sent.expect(201);
      evidence = body.evidence[0].evidenceId;
    }
    world.as(AGENT);
    await request(world.app).get(`/api/cases/${CASE}/evidence`).expect(200);
    world.as(OWNER);
    await request(world.app).post(`/api/cases/${CASE}/evidence/${evidence}/downloads`).send({}).expect(200);
    while ((await world.kernel.events('evidence.delivered')).length === 0); // said after the last byte
  });
  after(() => world?.kernel.close());

  const fsck = async () => {
    const checks = evidenceChecks.filter(({ name }) => name === 'evidence-custody');
    return (await runChecks(world.ctx, checks, { deep: false })).flatMap(({ findings }) => findings);
  };
  const table = (name: string) => world.ctx.db.connection.collection(name);

  it('finds nothing in what was received, listed, opened and delivered', async () => {
    const acts = (await table('custodyEvents').find({}).toArray()).map(({ act }) => act);
    assert.deepEqual([...new Set(acts)].toSorted(), ['delivered', 'downloaded', 'listed', 'received']);
    assert.deepEqual(await fsck(), []);
  });

  const HASH = 'f'.repeat(64);
  const changes: Record<string, [string, object, object | 'delete' | 'insert', string]> = {
    'another hash at the evidence': ['evidence', {}, { $set: { sha256: HASH } }, 'evidence-altered'],
    'another size at the evidence': ['evidence', {}, { $set: { size: 7 } }, 'evidence-altered'],
    'evidence back-dated': ['evidence', {}, { $set: { addedAt: new Date(0) } }, 'evidence-altered'],
    'evidence of somebody else': ['evidence', {}, { $set: { 'addedBy.id': 'person_other' } }, 'evidence-altered'],
    'a verdict that no scanner gave': ['evidence', {}, { $set: { scan: 'clean' } }, 'evidence-altered'],
    'evidence said to be erased': ['evidence', {}, { $set: { original: 'erased' } }, 'evidence-altered'],
    'evidence deleted': ['evidence', {}, 'delete', 'evidence-missing'],
    'evidence inserted': ['evidence', {}, 'insert', 'evidence-unlogged'],
    'another hash in custody': ['custodyEvents', { act: 'listed' }, { $set: { sha256: HASH } }, 'custody-hash'],
    'another hash after': ['custodyEvents', { act: 'delivered' }, { $set: { after: HASH } }, 'custody-hash'],
    'somebody else in custody': [
      'custodyEvents',
      { act: 'downloaded' },
      { $set: { 'by.id': person('person_other', 'agent').id } },
      'custody-unlogged',
    ],
    'a view taken out of custody': ['custodyEvents', { act: 'listed' }, 'delete', 'custody-missing'],
    'an act put into custody': ['custodyEvents', { act: 'listed' }, 'insert', 'custody-unlogged'],
    'custody that is none': ['custodyEvents', { act: 'listed' }, { $set: { at: 'yesterday' } }, 'custody-unreadable'],
  };
  for (const [what, [name, which, change, kind]] of Object.entries(changes))
    it(`finds ${what}`, async () => {
      const before = await table(name).findOne(which);
      const own = { _id: before?._id as never };
      const copy = { ...before, _id: `${String(before?._id).slice(0, -4)}ffff` };
      if (change === 'delete') await table(name).deleteOne(own);
      else if (change === 'insert') await table(name).insertOne(copy as never);
      else await table(name).updateOne(own, change);
      try {
        const found = await fsck();
        assert.ok(
          found.some((one) => one.kind === kind),
          JSON.stringify(found),
        );
      } finally {
        await table(name).deleteOne({ _id: copy._id as never });
        await table(name).replaceOne(own, before as never, { upsert: true });
      }
    });

  it('finds evidence that was erased while a legal hold stood, and no other', async () => {
    const apart = await evidenceWorld();
    try {
      const act = (work: (tx: Tx) => Promise<unknown>) => apart.ctx.transact(COMPLIANCE, work);
      const hold = (action: string) => act(async (tx) => tx.record({ action, caseId: CASE, facts: { evidence: 0 } }));
      const add = () =>
        request(apart.app).post(`/api/cases/${CASE}/evidence`).attach('evidence', PNG, 'a.png').expect(201);
      const found = async () => {
        const checks = evidenceChecks.filter(({ name }) => name === 'evidence-custody');
        const all = (await runChecks(apart.ctx, checks, { deep: false })).flatMap(({ findings }) => findings);
        return all.map(({ kind }) => kind);
      };
      await add();
      await hold('legal-hold.set');
      apart.kernel.ctx.clock.advance(HOUR);
      await hold('legal-hold.lifted');
      apart.kernel.ctx.clock.advance(HOUR);
      await act((tx) => eraseEvidence(tx, CASE, 'kept long enough'));
      assert.deepEqual(await found(), []);
      await add();
      await hold('legal-hold.set');
      apart.kernel.ctx.clock.advance(HOUR);
      await act((tx) => eraseEvidence(tx, CASE, 'kept long enough'));
      assert.deepEqual(await found(), ['erased-under-hold']);
    } finally {
      await apart.kernel.close();
    }
  });

  it('finds nothing once evidence was erased', async () => {
    await world.kernel.ctx.transact(AGENT, (tx) => eraseEvidence(tx, CASE, 'asked for'));
    assert.deepEqual(await fsck(), []);
  });
});
