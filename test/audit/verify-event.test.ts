import assert from 'node:assert/strict';
import { buildEvent } from '../../src/audit/build-event.js';
import { leafHash } from '../../src/audit/leaf-hash.js';
import { readEvent, verifyEvent } from '../../src/audit/verify-event.js';
import type { EventRow } from '../../src/audit/words.js';
import { canonicalJson } from '../../src/kernel/canonical.js';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const actor = { kind: 'person', id: 'person_1', roles: ['analyst'], address: '203.0.113.9', requestId: 'r' } as const;
const { event, openings } = buildEvent({ action: 'case.closed', caseId: 'case_1', facts: { n: 1 } }, actor, NOW);

describe('verifyEvent', () => {
  it('finds nothing wrong with an intact event, with or without its openings', () => {
    assert.deepEqual(verifyEvent(event), []);
    assert.deepEqual(verifyEvent(event, openings?.openings), []);
  });

  it('finds every one-bit change of the bytes', () => {
    for (let bit = 0; bit < event.bytes.length * 8; bit += 1) {
      const bytes = Buffer.from(event.bytes);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.ok(verifyEvent({ ...event, bytes }).includes('leaf_hash'), `bit ${bit}`);
    }
  });

  it('finds bytes that are re-hashed but no event in canonical form', () => {
    for (const text of [
      ' {}',
      '[]',
      'null',
      '{"b":1,"a":2}',
      '{"a":1.0}',
      '\ufeff{}',
      '{',
      '',
      '{}',
      canonicalJson({ ...readEvent(event.bytes), commitments: { a: 1 } }),
    ]) {
      const bytes = Buffer.from(text);
      assert.deepEqual(verifyEvent({ ...event, bytes, leafHash: leafHash(bytes) }), ['unreadable'], text);
    }
    const notUtf8 = Buffer.from([0x22, 0xff, 0x22]);
    assert.deepEqual(verifyEvent({ ...event, bytes: notUtf8, leafHash: leafHash(notUtf8) }), ['unreadable']);
  });

  it('finds a look-up field that says something else than the bytes', () => {
    const lies: Partial<EventRow>[] = [
      { _id: 'event_0' },
      { at: new Date(NOW.getTime() - 1) },
      { actor: 'person_2' },
      { action: 'case.opened' },
      { caseId: 'case_2' },
      { accountId: 'U1' },
      { result: 'refused' },
    ];
    for (const lie of lies) assert.deepEqual(verifyEvent({ ...event, ...lie }), ['lookup_field'], JSON.stringify(lie));
    const { caseId: _, ...hidden } = event;
    assert.deepEqual(verifyEvent(hidden), ['lookup_field']);
  });

  it('finds an opening that does not fit, and one nobody committed to', () => {
    const [opening] = openings?.openings ?? [];
    assert.ok(opening);
    assert.deepEqual(verifyEvent(event, [{ ...opening, value: '203.0.113.8' }]), ['opening']);
    assert.deepEqual(verifyEvent(event, [{ ...opening, field: 'constructor' }]), ['opening']);
  });
});
