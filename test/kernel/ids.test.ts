import assert from 'node:assert/strict';
import { randomBytes } from '../../src/kernel/ids.js';

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
