import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { makeLimits } from '../../src/identity/limits.js';
import { limiters } from '../../src/kernel/limits.js';

describe('limits of identity', () => {
  it('count the addresses of one /64 as one', async () => {
    const { tokenBySource } = makeLimits(limiters(randomBytes(32)), 2);
    for (let host = 0; host < 20; host += 1) await tokenBySource(`2001:db8::${host.toString(16)}`);
    await assert.rejects(tokenBySource('2001:db8::ffff'), { status: 429 });
    await tokenBySource('2001:db8:0:1::1');
  });
});
