import assert from 'node:assert/strict';
import { Caller } from '../../src/demo/caller.js';
import type { Cast } from '../../src/demo/people.js';
import { approveRelease, confirmRemedies, orderRemedies } from '../../src/demo/release-steps.js';
import { confirmFreeze, sendReport } from '../../src/demo/report-steps.js';
import { type Step, until } from '../../src/demo/scene.js';
import { playStory } from '../../src/demo/story.js';
import { type Redis, startRedis } from '../support/redis.js';
import { startWorld, type World } from '../support/world.js';
import { assertHeld } from './held.js';

describe('the story, with Redis stopped and emptied', function () {
  this.timeout(400_000);
  let redis: Redis;
  let world: World;
  let casts: Cast[];

  before(async () => {
    redis = await startRedis();
    ({ world, prepared: casts } = await startWorld({ redisUrl: redis.url }, (past) => past.casts(4)));
  });
  after(async () => {
    await world?.close();
    await redis?.close();
  });

  const readiness = async () => {
    const anybody = new Caller(await world.web.said(), 'anybody');
    return (await anybody.ask<{ redis: string }>('GET', '/readyz')).redis;
  };

  it('stopped before the report, and back, empty, before the damage is undone', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[0] as Cast);
        await playStory(scene, {
          before: async (step) => {
            if (step === sendReport) await redis.kill();
            if (step === orderRemedies) await redis.start();
          },
          after: async (step) => {
            if (step === confirmFreeze) assert.equal(await readiness(), 'down');
          },
        });
        await until('back', readiness, (state) => state === 'up');
        await assertHeld(world, scene);
      })(),
    ));

  it('stopped while the exchange is being asked', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[1] as Cast);
        const asking: readonly Step[] = [sendReport, orderRemedies, approveRelease];
        const told: readonly Step[] = [confirmFreeze, confirmRemedies];
        await scene.exchange.fail({ fail: 'slow', ms: 300 });
        await playStory(scene, {
          after: async (step) => {
            if (asking.includes(step)) await redis.kill();
            if (told.includes(step)) await redis.start();
          },
        });
        await scene.exchange.reset();
        await redis.start();
        await assertHeld(world, scene);
      })(),
    ));

  it('emptied while it holds what no worker has heard yet', () =>
    world.explain(
      (async () => {
        await until('back', readiness, (state) => state === 'up');
        const scene = await world.scene(casts[2] as Cast);
        const ringing: readonly Step[] = [sendReport, orderRemedies, approveRelease];
        await playStory(scene, {
          before: async (step) => {
            if (ringing.includes(step)) await world.worker.end('SIGKILL');
          },
          after: async (step) => {
            if (!ringing.includes(step)) return;
            redis.empty();
            await world.worker.start();
          },
        });
        await assertHeld(world, scene);
      })(),
    ));

  it('emptied after every step', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[3] as Cast);
        await playStory(scene, { after: () => redis.empty() });
        await assertHeld(world, scene);
      })(),
    ));
});
