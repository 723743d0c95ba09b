import assert from 'node:assert/strict';
import { killRounds } from '../../src/bench/kill-rounds.js';

/** `npm run kill-rounds -- --rounds 200` is the long one. */
const ROUNDS = 4;

describe('embedded store: durability', function () {
  this.timeout(120_000);

  it('keeps every acknowledged transaction whole, and no other in part, over kill -9', async () => {
    const { acknowledged, faults } = await killRounds(ROUNDS);
    assert.deepEqual(faults, []);
    assert.ok(acknowledged >= ROUNDS);
  });
});
