import assert from 'node:assert/strict';
import { makeFewAtATime } from '../../src/identity/few-at-a-time.js';

describe('a few at a time', () => {
  const gated = () => {
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { gate, open: () => open() };
  };

  it('runs so many and no more, in the order they came, also past failures', async () => {
    const fewAtATime = makeFewAtATime(2, 10);
    const order: string[] = [];
    const [one, two] = [gated(), gated()];
    const all = [
      fewAtATime(async () => {
        order.push('a');
        await one.gate;
        throw new Error('a failed');
      }),
      fewAtATime(async () => {
        order.push('b');
        await two.gate;
      }),
      fewAtATime(async () => order.push('c')),
      fewAtATime(async () => order.push('d')),
    ];
    await new Promise(setImmediate);
    assert.deepEqual(order, ['a', 'b']);
    one.open();
    await assert.rejects(all[0] as Promise<unknown>, /a failed/);
    await Promise.all(all.slice(2));
    assert.deepEqual(order, ['a', 'b', 'c', 'd']);
    two.open();
    await all[1];
    assert.equal(await fewAtATime(async () => 'free again'), 'free again');
  });

  it('refuses what would wait behind too many, and says when to try again', async () => {
    const fewAtATime = makeFewAtATime(1, 1);
    const first = gated();
    const running = fewAtATime(() => first.gate);
    const waiting = fewAtATime(async () => undefined);
    await assert.rejects(
      fewAtATime(async () => undefined),
      { status: 503, headers: { 'Retry-After': '5' } },
    );
    first.open();
    await Promise.all([running, waiting]);
    await fewAtATime(async () => undefined);
  });
});
