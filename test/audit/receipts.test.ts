import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import Joi from 'joi';
import request from 'supertest';
import { ledgerOf } from '../../src/audit/index.js';
import { makeOutbox } from '../../src/kernel/outbox.js';
import { kernelProblem } from '../../src/kernel/problem.js';
import { type Kernel, routeFor } from '../../src/kernel/route.js';
import type { ServeContext } from '../../src/kernel/serve.js';
import { makeTransact } from '../../src/kernel/transact.js';
import { equal, verifyReceipt } from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';
import { serveAs, testActor } from '../support/kernel.js';
import { type LogFixture, logFixture, ORIGIN } from './log-fixture.js';

describe('the receipt of an act', () => {
  let fixture: LogFixture;
  before(async () => {
    fixture = await logFixture();
  });
  after(() => fixture.close());

  const route = routeFor<Kernel & ServeContext>();
  const routes = [
    route({
      id: 'doIt',
      method: 'post',
      path: '/do',
      tag: 'test',
      summary: 'Does it',
      access: 'signed-in',
      idempotent: true,
      reply: Joi.object({ done: Joi.boolean().required().description('Whether') }),
      handle: async (_ctx, { act }) =>
        act(async (tx) => {
          for (const n of [1, 2]) tx.record({ action: 'test.done', facts: { n } });
          return { done: true };
        }),
    }),
    route({
      id: 'refuseIt',
      method: 'post',
      path: '/refuse',
      tag: 'test',
      summary: 'Refuses it, on record',
      access: 'signed-in',
      handle: async ({ transact }, { actor }) => {
        await transact(actor, async (tx) => tx.record({ action: 'test.refused', result: 'refused' }));
        throw kernelProblem('not_allowed');
      },
    }),
    route({
      id: 'lookAtIt',
      method: 'get',
      path: '/look',
      tag: 'test',
      summary: 'Leaves no trace',
      access: 'public',
      reply: Joi.object({ seen: Joi.boolean().required().description('Whether') }),
      handle: async () => ({ seen: true }),
    }),
  ];
  const app = () => {
    const { db, clock } = fixture.kernel.ctx;
    const { receipt } = fixture.log;
    const ledger = ledgerOf(fixture.sealKey);
    const transact = makeTransact({ db, clock, ledger, receipt, outbox: makeOutbox(() => undefined) });
    const who = testActor({ kind: 'person', id: 'person_1', roles: ['customer'] });
    return serveAs({ ...fixture.kernel.ctx, transact }, routes, () => who);
  };
  const noteIn = (headers: Record<string, string>) => Buffer.from(String(headers['audit-receipt']), 'base64');

  it('names the leaves of its events, signed by the log, and the log holds them later', async () => {
    const { headers } = await request(app()).post('/do').expect(200);
    const receipt = await verifyReceipt(nodePrimitives, noteIn(headers), (await fixture.log.keys()).all);
    assert.equal(receipt.origin, ORIGIN);
    assert.equal(receipt.events.length, 2);
    await fixture.log.tick();
    const rows = await fixture.events();
    for (const { id, leaf } of receipt.events)
      assert.ok(rows.some(({ _id, leafHash }) => _id === id && equal(leafHash, leaf)));
  });

  it('is the same when the answer is given again', async () => {
    const key = randomUUID();
    const once = await request(app()).post('/do').set('Idempotency-Key', key).expect(200);
    const again = await request(app()).post('/do').set('Idempotency-Key', key).expect(200);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.ok(once.headers['audit-receipt']);
    assert.equal(again.headers['audit-receipt'], once.headers['audit-receipt']);
  });

  it('comes with a refusal that was recorded, too', async () => {
    const { headers } = await request(app()).post('/refuse').expect(403);
    assert.equal(
      (await verifyReceipt(nodePrimitives, noteIn(headers), (await fixture.log.keys()).all)).events.length,
      1,
    );
  });

  it('is not there when nothing was recorded', async () => {
    const { headers } = await request(app()).get('/look').expect(200);
    assert.equal(headers['audit-receipt'], undefined);
  });

  it('is refused with any bit flipped', async () => {
    const { headers } = await request(app()).post('/do').expect(200);
    const note = noteIn(headers);
    const { all } = await fixture.log.keys();
    for (let bit = 0; bit < note.length * 8; bit += 1) {
      const bad = Buffer.from(note);
      bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
      await assert.rejects(verifyReceipt(nodePrimitives, bad, all), { name: 'Fault' }, `bit ${bit}`);
    }
  });
});
