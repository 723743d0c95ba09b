import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { buildEvent } from '../../src/audit/build-event.js';
import { leafHash } from '../../src/audit/leaf-hash.js';
import { readEvent, verifyEvent } from '../../src/audit/verify-event.js';
import type { Actor } from '../../src/kernel/actor.js';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const analyst: Actor = {
  kind: 'person',
  id: 'person_1',
  roles: ['analyst'],
  address: '203.0.113.9',
  requestId: 'req-1',
};
const worker: Actor = { kind: 'system', id: 'worker', roles: [], requestId: 'req-2' };

describe('buildEvent', () => {
  it('says who, when, what and with which result', () => {
    const draft = {
      action: 'freeze.confirmed',
      caseId: 'case_1',
      accountId: 'U1',
      target: { kind: 'freeze', id: 'freeze_1' },
      facts: { scopes: ['trading'] },
    };
    const { event } = buildEvent(draft, worker, NOW);
    assert.deepEqual(readEvent(event.bytes), {
      version: 1,
      id: event._id,
      at: '2026-03-04T05:06:07.089Z',
      actor: { kind: 'system', id: 'worker', roles: [] },
      action: 'freeze.confirmed',
      caseId: 'case_1',
      accountId: 'U1',
      target: { kind: 'freeze', id: 'freeze_1' },
      result: 'done',
      facts: { scopes: ['trading'] },
      commitments: {},
      requestId: 'req-2',
    });
    assert.ok(leafHash(event.bytes).equals(event.leafHash));
  });

  it('orders keys as RFC 8785 does, with nothing between them', () => {
    const { event } = buildEvent({ action: 'a.b', facts: { b: 1e21, a: 'é€' } }, worker, NOW);
    assert.equal(
      Buffer.from(event.bytes).toString(),
      '{"action":"a.b","actor":{"id":"worker","kind":"system","roles":[]},"at":"2026-03-04T05:06:07.089Z",' +
        `"commitments":{},"facts":{"a":"é€","b":1e+21},"id":"${event._id}","requestId":"req-2","result":"done","version":1}`,
    );
  });

  it('keeps personal data, the source address too, out of the bytes and in openings', () => {
    const { event, openings } = buildEvent({ action: 'a.b', personal: { contact: 'lin@example.test' } }, analyst, NOW);
    const text = Buffer.from(event.bytes).toString();
    assert.ok(!text.includes('lin@example.test') && !text.includes('203.0.113.9'));
    assert.deepEqual(
      openings?.openings.map(({ field, value }) => [field, value]),
      [
        ['contact', 'lin@example.test'],
        ['sourceAddress', '203.0.113.9'],
      ],
    );
    for (const { field, salt, value } of openings?.openings ?? []) {
      const expected = createHash('sha256').update(salt).update(value).digest('base64');
      assert.equal(readEvent(event.bytes)?.commitments[field], expected);
    }
  });

  it('makes no openings when nothing is personal', () => {
    assert.equal(buildEvent({ action: 'a.b' }, worker, NOW).openings, undefined);
  });

  it('does not let a draft pass off another source address', () => {
    const { openings } = buildEvent({ action: 'a.b', personal: { sourceAddress: '192.0.2.1' } }, analyst, NOW);
    assert.deepEqual(
      openings?.openings.map(({ value }) => value),
      ['203.0.113.9'],
    );
  });

  it('hides that two values are equal', () => {
    const commitments = [1, 2].map(() => {
      const { event } = buildEvent({ action: 'a.b' }, analyst, NOW);
      return readEvent(event.bytes)?.commitments['sourceAddress'];
    });
    assert.notEqual(commitments[0], commitments[1]);
  });

  it('commits to what the store gives back when the text is not well-formed', () => {
    const { event, openings } = buildEvent({ action: 'a.b', personal: { note: 'a\ud800\u0000\u202eb' } }, worker, NOW);
    assert.equal(openings?.openings[0]?.value, 'a\ufffd\u0000\u202eb');
    assert.deepEqual(verifyEvent(event, openings?.openings), []);
  });

  it('refuses what JSON cannot say', () => {
    assert.throws(() => buildEvent({ action: 'a.b', facts: { n: Number.NaN } }, worker, NOW));
  });
});
