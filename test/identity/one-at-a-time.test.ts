import assert from 'node:assert/strict';
import { makeOneAtATime } from '../../src/identity/one-at-a-time.js';

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
