import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import express from 'express';
import supertest from 'supertest';
import { openDoorbell } from '../../src/kernel/doorbell.js';
import { answerProblems, limitRequests } from '../../src/kernel/http.js';
import { limiters } from '../../src/kernel/limits.js';
import { makeLogger } from '../../src/kernel/logger.js';
import type { Problem } from '../../src/kernel/problem.js';
import { startRedis } from '../support/redis.js';

const KEY = randomBytes(32);
const logger = makeLogger('silent');

describe('a limit', () => {
  it('counts each key, and each limit, by itself, and says when to come back', async () => {
    const limiter = limiters(KEY);
    const [one, other] = [limiter('one', 2, 60), limiter('other', 2, 60)];
    for (const key of ['a', 'b', 'a', 'b']) await one(key);
    await other('a');
    await assert.rejects(one('a'), (problem: Problem) => {
      assert.equal(problem.status, 429);
      assert.match(problem.headers['Retry-After'] ?? '', /^[1-9]\d*$/);
      assert.equal(String(problem.extra['retryAfter']), problem.headers['Retry-After']);
      return true;
    });
  });

  it('tells Redis no address and no name', async () => {
    const sent: string[] = [];
    const redis = {
      defineCommand: () => undefined,
      rlflxIncr: async (keys: unknown[]) => {
        sent.push(JSON.stringify(keys));
        return [1, 60_000];
      },
    };
    await limiters(KEY, redis)('sign-in', 2, 60)('wei@example.org 203.0.113.7');
    assert.equal(sent.length, 1);
    assert.doesNotMatch(sent[0] ?? '', /wei|example|203/);
  });

  it('counts for all processes together on Redis, and goes on alone when it is killed', async () => {
    const redis = await startRedis();
    const bells = await Promise.all([openDoorbell(redis.url, logger), openDoorbell(redis.url, logger)]);
    try {
      for (const { counters } of bells) if (counters.status !== 'ready') await once(counters, 'ready');
      const [here, there] = bells.map(({ counters }) => limiters(KEY, counters)('shared', 2, 60));
      await here?.('a');
      await there?.('a');
      for (const limit of [here, there]) await assert.rejects(async () => limit?.('a'), { status: 429 });
      await redis.kill();
      await here?.('a');
      await here?.('a');
      await assert.rejects(async () => here?.('a'), { status: 429 });
    } finally {
      for (const bell of bells) await bell.close();
      await redis.close();
    }
  });

  it('counts in the process while Redis is away: neither open nor shut', async () => {
    const doorbell = await openDoorbell('redis://127.0.0.1:1', logger);
    try {
      await countsToTwo(doorbell.counters);
    } finally {
      await doorbell.close();
    }
  });

  it('counts in the process, without long waits, when Redis takes the connection and does not answer', async () => {
    const sockets = new Set<Socket>();
    const mute = createServer((socket) => sockets.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const doorbell = await openDoorbell(`redis://127.0.0.1:${(mute.address() as AddressInfo).port}`, logger);
    try {
      const started = performance.now();
      await countsToTwo(doorbell.counters);
      assert.ok(performance.now() - started < 5_000);
    } finally {
      for (const socket of sockets) socket.destroy();
      mute.close();
      await doorbell.close();
    }
  });
});

async function countsToTwo(redis: unknown): Promise<void> {
  const limit = limiters(KEY, redis)('two', 2, 60);
  await limit('a');
  await limit('a');
  await assert.rejects(limit('a'), { status: 429 });
  await limit('b');
}

describe('the bound on all requests', () => {
  it('takes a /64 for one caller', async () => {
    const app = express().set('trust proxy', 1).use(limitRequests(2)).use(answerProblems(logger));
    const from = (address: string) => supertest(app).get('/').set('X-Forwarded-For', address);
    await from('2001:db8::1').expect(404);
    await from('2001:db8::2').expect(404);
    const { headers } = await from('2001:db8::3').expect(429);
    assert.match(headers['retry-after'] ?? '', /^[1-9]\d*$/);
    await from('2001:db8:0:1::1').expect(404);
  });
});
