import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { EventEmitter, on } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type Doorbell, openDoorbell } from '../../src/kernel/doorbell.js';
import { makeLogger } from '../../src/kernel/logger.js';
import type { Worker } from '../../src/kernel/worker.js';
import { type Redis, startRedis } from '../support/redis.js';

const PAUSE_MS = 3_000;

describe('doorbell', function () {
  this.timeout(30_000);
  let redis: Redis;
  let bell: Doorbell | undefined;
  /** A rejection that nobody handles ends a process of ours. */
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);

  before(async () => {
    process.on('unhandledRejection', note);
    redis = await startRedis();
  });
  after(async () => {
    process.off('unhandledRejection', note);
    await redis?.close();
  });
  afterEach(async () => {
    await bell?.close();
    await redis.start();
    assert.deepEqual(unhandled.splice(0), []);
  });

  const open = async () => {
    bell = await openDoorbell(redis.url, makeLogger('silent'));
    return bell;
  };
  const answering = (opened: Doorbell) => {
    const heard = new EventEmitter();
    const run = async (id: string) => void heard.emit('rung', id);
    opened.answer({ run } as Worker, 4);
    return heard;
  };
  /** Rings until it was heard, past what was rung before: what Redis cannot take is dropped, for the sweep finds the row. */
  const ringUntilHeard = async (opened: Doorbell, heard: EventEmitter, id: string) => {
    const timer = setInterval(() => opened.ring([id]), 50);
    for await (const [rung] of on(heard, 'rung')) if (rung === id) break;
    clearInterval(timer);
    return id;
  };

  it('is heard by whoever answers', async () => {
    const opened = await open();
    assert.equal(await ringUntilHeard(opened, answering(opened), 'job_1'), 'job_1');
  });

  it('drops what Redis cannot take, and is heard again when Redis is back', async () => {
    const opened = await open();
    const heard = answering(opened);
    await ringUntilHeard(opened, heard, 'job_1');
    await redis.kill();
    opened.ring(['job_2']);
    assert.equal(await opened.ready(), false);
    await redis.start();
    assert.equal(await ringUntilHeard(opened, heard, 'job_3'), 'job_3');
  });

  it('is heard again after Redis was emptied', async () => {
    const opened = await open();
    const heard = answering(opened);
    await ringUntilHeard(opened, heard, 'job_1');
    redis.empty();
    assert.equal(await ringUntilHeard(opened, heard, 'job_2'), 'job_2');
  });

  it('says at once that Redis is not ready while it hangs', async () => {
    const opened = await open();
    const becomesReady = async () => {
      while (!(await opened.ready())) await delay(10);
    };
    await becomesReady();
    execFileSync('redis-cli', ['-p', new URL(redis.url).port, 'CLIENT', 'PAUSE', String(PAUSE_MS), 'ALL']);
    const began = performance.now();
    assert.equal(await opened.ready(), false);
    assert.ok(performance.now() - began < PAUSE_MS / 2);
    await becomesReady();
  });

  it('opens and closes while there is no Redis', async () => {
    await redis.kill();
    const opened = await open();
    answering(opened);
    opened.ring(['job_1']);
    assert.equal(await opened.ready(), false);
    await opened.close();
  });

  it('closes when Redis has gone', async () => {
    const opened = await open();
    await ringUntilHeard(opened, answering(opened), 'job_1');
    await redis.kill();
    await opened.close();
  });
});
