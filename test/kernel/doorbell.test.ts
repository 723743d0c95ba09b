import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { type Doorbell, openDoorbell } from '../../src/kernel/doorbell.js';
import { makeLogger } from '../../src/kernel/logger.js';
import { type Redis, startRedis } from '../support/redis.js';

const PAUSE_MS = 3_000;

describe('whether the doorbell is ready', () => {
  let redis: Redis;
  let doorbell: Doorbell;
  before(async function () {
    this.timeout(120_000); // Redis may have to be installed
    redis = await startRedis();
    doorbell = await openDoorbell(redis.url, makeLogger('silent'));
  });
  after(async () => {
    await doorbell.close();
    await redis.close();
  });

  const command = (...words: string[]) => execFileSync('redis-cli', ['-p', new URL(redis.url).port, ...words]);
  const becomes = async (state: boolean) => {
    while ((await doorbell.ready()) !== state) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('is answered at once while Redis hangs, and as no when it is gone', async () => {
    await becomes(true);
    command('CLIENT', 'PAUSE', String(PAUSE_MS), 'ALL');
    const began = performance.now();
    assert.equal(await doorbell.ready(), false);
    assert.ok(performance.now() - began < PAUSE_MS / 2);
    await becomes(true);
    await redis.kill();
    assert.equal(await doorbell.ready(), false);
  });
});
