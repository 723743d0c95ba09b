import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { makeLimits } from '../../src/identity/limits.js';
import { makeOneAtATime } from '../../src/identity/one-at-a-time.js';
import { sourceOf } from '../../src/identity/source-of.js';
import type { Problem } from '../../src/kernel/problem.js';

describe('sourceOf', () => {
  const cases: Record<string, string> = {
    '203.0.113.7': '203.0.113.7',
    '::ffff:203.0.113.7': '203.0.113.7',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:DB8:1:2::9': '2001:db8:1:2::/64',
    '2001:db8::1': '2001:db8:0:0::/64',
    '2001:0db8:0000:0000:ffff::': '2001:db8:0:0::/64',
    '::1': '0:0:0:0::/64',
    'fe80::1%eth0': 'fe80:0:0:0::/64',
    unknown: 'unknown',
  };
  for (const [address, source] of Object.entries(cases))
    it(`takes ${address} for ${source}`, () => assert.equal(sourceOf(address), source));
});

describe('limits', () => {
  const limits = (redis?: unknown) => makeLimits({ attemptsPerMinute: 2, key: randomBytes(32), redis });

  it('count each key by itself, and the addresses of one /64 as one', async () => {
    const { signInByPair, tokenBySource } = limits();
    for (const key of ['a', 'b', 'a', 'b']) await signInByPair(key);
    await assert.rejects(signInByPair('a'), (problem: Problem) => {
      assert.equal(problem.status, 429);
      assert.match(problem.headers['Retry-After'] ?? '', /^[1-9]\d*$/);
      return true;
    });
    for (let host = 0; host < 20; host += 1) await tokenBySource(`2001:db8::${host.toString(16)}`);
    await assert.rejects(tokenBySource('2001:db8::ffff'), { status: 429 });
    await tokenBySource('2001:db8:0:1::1');
  });

  it('count in the process while Redis does not answer', async () => {
    const broken = {
      multi: () => {
        throw new Error('no connection');
      },
      rlflxIncr: async () => {
        throw new Error('no connection');
      },
      defineCommand: () => undefined,
    };
    const { signInByPair } = limits(broken);
    await signInByPair('a');
    await signInByPair('a');
    await assert.rejects(signInByPair('a'), { status: 429 });
  });
});

describe('one at a time', () => {
  it('runs what shares a key in order, the rest side by side, and goes on after a failure', async () => {
    const oneAtATime = makeOneAtATime();
    const order: string[] = [];
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = oneAtATime('a', async () => {
      await gate;
      order.push('a1');
      throw new Error('a1 failed');
    });
    const second = oneAtATime('a', async () => order.push('a2'));
    await oneAtATime('b', async () => order.push('b1'));
    open();
    await assert.rejects(first, /a1 failed/);
    await second;
    assert.deepEqual(order, ['b1', 'a1', 'a2']);
  });
});
