import assert from 'node:assert/strict';
import { idsBetween, newId, newIdAt, randomBytes } from '../../src/kernel/ids.js';

describe('random bytes', () => {
  it('are as many as were asked for, over the end of what was drawn at once', () => {
    for (const length of [0, 1, 32, 4_095, 4_096, 4_097, 100_000]) assert.equal(randomBytes(length).length, length);
  });

  it('are never given twice, and belong to whoever got them', () => {
    const given = Array.from({ length: 20_000 }, () => randomBytes(16));
    const before = new Set(given.map((bytes) => Buffer.from(bytes).toString('hex')));
    assert.equal(before.size, given.length);
    given[0]?.fill(0);
    assert.notDeepEqual(given[1], new Uint8Array(16));
    assert.equal(new Set(given.map(({ buffer }) => buffer)).size, given.length, 'none shares its memory');
  });
});

describe('ids of an instant', () => {
  const at = new Date('2026-11-29T10:00:00.250Z');
  const ms = (n: number) => new Date(at.getTime() + n);

  it('sort by it, and those of one instant by their order', () => {
    const ids = [-1_000, -1, 0, 0, 0, 1, 749, 750, 90_000].map((n) => newIdAt('event', ms(n)));
    assert.deepEqual(ids.toSorted(), ids);
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^event_[0-9a-f]{24}$/);
  });

  it('sort among other ids by the second', () => {
    const before = newId('event');
    assert.ok(newIdAt('event', new Date(Date.now() - 2_000)) < before);
    assert.ok(newIdAt('event', new Date(Date.now() + 2_000)) > before);
  });

  it('lie between the bounds of their time', () => {
    const isWithin = (id: string, from?: Date, to?: Date) => {
      const { $gte = '', $lt = '~' } = idsBetween('event', from, to);
      return id >= $gte && id < $lt;
    };
    const id = newIdAt('event', at);
    assert.ok(isWithin(id) && isWithin(id, at) && isWithin(id, at, ms(1)) && isWithin(id, ms(-1), ms(1)));
    assert.ok(!isWithin(id, ms(1_000)) && !isWithin(id, undefined, ms(-1_000)));
    assert.ok(isWithin(id, new Date(-1e15), new Date(8e15)) && !isWithin(id, new Date(8e15)));
    assert.deepEqual(idsBetween('event', undefined, undefined), {});
  });
});
