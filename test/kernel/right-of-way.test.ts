import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { RightOfWay } from '../../src/kernel/right-of-way.js';

const AN_HOUR_MS = 3_600_000;

describe('right of way', () => {
  const passing = (way: RightOfWay) => {
    const response = new EventEmitter();
    way.take(response as ServerResponse);
    return response;
  };

  it('is nobody’s while nobody goes first', async () => {
    await new RightOfWay().give(AN_HOUR_MS);
  });

  it('is given until the last who goes first is answered, or gone', async () => {
    const way = new RightOfWay();
    const [first, second] = [passing(way), passing(way)];
    let given = 0;
    const waits = [0, 1].map(() => way.give(AN_HOUR_MS).then(() => (given += 1)));
    await new Promise(setImmediate);
    first.emit('close');
    await new Promise(setImmediate);
    assert.equal(given, 0);
    second.emit('close');
    await Promise.all(waits);
  });

  it('is also for who came in the same moment', async () => {
    const way = new RightOfWay();
    const order: string[] = [];
    const given = way.give(AN_HOUR_MS).then(() => order.push('given'));
    const first = passing(way);
    await new Promise((resolve) => setTimeout(resolve, 2));
    order.push('answered');
    first.emit('close');
    await given;
    assert.deepEqual(order, ['answered', 'given']);
  });

  it('is not kept by a caller who was gone before', async () => {
    const way = new RightOfWay();
    way.take(Object.assign(new EventEmitter(), { closed: true }) as unknown as ServerResponse);
    await way.give(AN_HOUR_MS);
  });

  it('is given for so long and no longer', async () => {
    const way = new RightOfWay();
    passing(way);
    await way.give(1);
  });
});
