import assert from 'node:assert/strict';
import supertest from 'supertest';
import { findEvents, findOpenings } from '../../src/audit/store.js';
import { addPersonCommand } from '../../src/identity/index.js';
import {
  Accumulator,
  equal,
  hashLeaf,
  parseKey,
  parseProof,
  toBase64,
  verifyBundle,
  verifyCheckpoint,
  verifyProof,
  verifyReceipt,
} from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';
import { type TestContext, testContext } from '../support/context.js';
import { signedInStaff } from '../support/people.js';

describe('what the audit log publishes', () => {
  let world: TestContext;
  const api = () => supertest(world.server);
  const keys = async () => {
    const { body } = await api().get('/audit/keys').expect(200);
    return Promise.all((body.keys as string[]).map((key) => parseKey(nodePrimitives, key)));
  };
  before(async function () {
    this.timeout(300_000);
    world = await testContext();
    for (let n = 0; n < 3; n += 1)
      await addPersonCommand(world.ctx, { email: `p${n}@example.org`, roles: ['agent'], locale: 'en' });
    await world.ctx.auditLog.tick();
  });
  after(() => world?.close());

  it('is a checkpoint that anybody checks with its keys, and the tiles that add up to its root', async () => {
    const { text, headers } = await api().get('/audit/checkpoint').expect(200);
    assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
    const checkpoint = await verifyCheckpoint(nodePrimitives, text, await keys());
    const tile = await api()
      .get(`/audit/tile/0/000.p/${checkpoint.size}`)
      .buffer(true)
      .parse((response, done) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece) => pieces.push(piece as Buffer));
        response.on('end', () => done(null, Buffer.concat(pieces)));
      })
      .expect(200);
    assert.equal(tile.headers['content-type'], 'application/octet-stream');
    assert.match(String(tile.headers['cache-control']), /immutable/);
    const tree = new Accumulator(nodePrimitives);
    for (let at = 0; at < tile.body.length; at += 32) await tree.append(tile.body.subarray(at, at + 32));
    assert.ok(equal(await tree.root(), checkpoint.root));
  });

  for (const path of [
    '0/000',
    '0/001',
    '0/000.p/255',
    '0/000.p/0',
    '0/000.p/256',
    '0/000.p/01',
    '1/000',
    '64/000',
    '00/000',
    '0/x000/000',
    '0/0',
    '0/000/..%2f',
    'entries/000',
  ])
    it(`has no tile ${path}`, () => api().get(`/audit/tile/${path}`).expect(404));

  it('proves to whoever holds a receipt that the log kept its promise, without what the event says', async () => {
    const officer = await signedInStaff(world, ['compliance']);
    const page = await officer.send('get', '/api/audit/events').expect(200);
    const receipt = await verifyReceipt(
      nodePrimitives,
      Buffer.from(String(page.headers['audit-receipt']), 'base64'),
      await keys(),
    );
    const [event] = receipt.events;
    await world.ctx.auditLog.tick();
    const { text } = await api().get(`/audit/proof/${event?.id}`).expect(200);
    const proof = parseProof(text);
    assert.equal(proof.extra, undefined);
    await verifyProof(nodePrimitives, proof, await keys(), { leaf: event!.leaf });
    await api()
      .get(`/audit/proof/event_${'0'.repeat(24)}`)
      .expect(404);
  });

  it('gives compliance the proof of an event with the event in it, on record', async () => {
    const officer = await signedInStaff(world, ['compliance']);
    await world.ctx.auditLog.tick();
    const [row] = await findEvents({ ...world.ctx.db }, { action: 'person.invited' }, undefined, 1);
    const { text, headers } = await officer.send('get', `/api/audit/events/${row?._id}/proof`).expect(200);
    assert.match(String(headers['content-disposition']), /\.tlog-proof$/);
    const proof = parseProof(text);
    await verifyProof(nodePrimitives, proof, await keys());
    assert.equal(toBase64(await hashLeaf(nodePrimitives, proof.extra!)), toBase64(row!.leafHash));
    assert.equal((await findEvents({ ...world.ctx.db }, { action: 'audit.proof-taken' }, undefined, 1)).length, 1);
  });

  it('gives a case as a bundle only after a re-verification for it', async () => {
    const caseId = `case_${'ab12'.repeat(6)}`;
    await world.ctx.transact({ kind: 'system', id: 'test', roles: [], requestId: 'r' }, async (tx) => {
      for (const action of ['case.opened', 'case.viewed']) tx.record({ action, caseId, personal: { who: 'Lin' } });
    });
    await world.ctx.auditLog.tick();
    const officer = await signedInStaff(world, ['compliance']);
    const path = `/api/audit/cases/${caseId}/bundle`;
    await officer.send('post', path).expect(401);
    const allowed = await officer.reverified('exportCaseAudit', { caseId }, {});
    const answer = await officer
      .send('post', path, allowed)
      .buffer(true)
      .parse((response, done) => {
        const read: Buffer[] = [];
        response.on('data', (piece) => read.push(piece as Buffer));
        response.on('end', () => done(null, Buffer.concat(read)));
      })
      .expect(200);
    const pieces = async function* () {
      yield answer.body as Buffer;
    };
    const proven = await verifyBundle(nodePrimitives, pieces(), { keys: await keys() });
    assert.deepEqual(proven.scope, { kind: 'case', caseId });
    // What else is about the case is the re-verification for it and the export itself, which may have their places in the log by now.
    const text = (answer.body as Buffer).toString();
    const own = await findEvents({ ...world.ctx.db }, { caseId }, undefined, 10);
    const given = own.filter(({ _id }) => text.includes(_id));
    const named = (rows: typeof own, prefix: RegExp) => rows.filter(({ action }) => prefix.test(action));
    assert.deepEqual(
      named(given, /^case\./)
        .map(({ action }) => action)
        .sort(),
      ['case.opened', 'case.viewed'],
    );
    assert.equal(named(given, /^(case|reverification|audit)\./).length, given.length);
    assert.equal(proven.events, given.length);
    const openings = await Promise.all(given.map(({ _id }) => findOpenings({ ...world.ctx.db }, _id)));
    assert.equal(proven.openings, openings.flat().length);
  });
});
