import assert from 'node:assert/strict';
import type { Cast } from '../../src/demo/people.js';
import { playStory, STORY } from '../../src/demo/story.js';
import { startWorld, type World } from '../support/world.js';
import { assertHeld } from './held.js';

describe('the story, in one process on the embedded defaults', function () {
  this.timeout(300_000);
  let world: World;
  let casts: Cast[];

  before(async () => {
    ({ world, prepared: casts } = await startWorld({ inOne: true }, (past) => past.casts(3)));
  });
  after(() => world?.close());

  it('holds from the report to the audit log', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[0] as Cast);
        const told = await playStory(scene);
        assert.equal(told.steps.length, STORY.length);
        assert.ok(told.reportToFreezeMs < 60_000, `frozen after ${told.reportToFreezeMs} ms`); // the bench has the figure
        await assertHeld(world, scene);
      })(),
    ));

  it('holds for several customers at once', () =>
    world.explain(
      (async () => {
        const scenes = await Promise.all(casts.slice(1).map((cast) => world.scene(cast)));
        await Promise.all(scenes.map((scene) => playStory(scene)));
        for (const scene of scenes) await assertHeld(world, scene);
      })(),
    ));
});
