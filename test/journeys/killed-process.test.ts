import assert from 'node:assert/strict';
import { audit } from '../../src/demo/audit-steps.js';
import type { CallerOptions } from '../../src/demo/caller.js';
import type { Cast } from '../../src/demo/people.js';
import { approveRelease, handBack, orderRemedies } from '../../src/demo/release-steps.js';
import { lockOut, sendReport, theft, track } from '../../src/demo/report-steps.js';
import { type Scene, type Step, until } from '../../src/demo/scene.js';
import { playStory } from '../../src/demo/story.js';
import type { FAILURES } from '../../src/simulator/failures.js';
import type { Call } from '../../src/simulator/words.js';
import type { Program } from '../support/program.js';
import { startWorld, type World } from '../support/world.js';
import { assertHeld } from './held.js';

const REMEDY_CALLS: Call[] = ['cancel_pending_withdrawals', 'revoke_sessions', 'revoke_api_keys'];

/** From before the request is read, over its transaction, to after the answer was sent. */
const KILL_AFTER_MS = [16, 25, 40, 2, 9, 60, 4, 12, 30];

/** Steps that change nothing here: a kill after them is the one before them. */
const CHANGE_NOTHING: readonly Step[] = [theft, lockOut, track, handBack, audit];

/** Sends again, under the same Idempotency-Key, what a kill has cut, as soon as the web process is back. */
const patient = (web: Program): CallerOptions => ({ onCut: () => web.up() });

describe('the story, with kill -9 of web and of worker', function () {
  this.timeout(900_000); // a kill within a transaction costs a minute on a full engine: until then it keeps what it touched
  let world: World;
  let casts: Cast[];

  before(async () => {
    ({ world, prepared: casts } = await startWorld({}, (past) => past.casts(4)));
  });
  after(() => world?.close());
  afterEach(() => world.exchange.reset());

  it('of both between any two steps', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[0] as Cast, patient(world.web));
        let up: Promise<unknown> = Promise.resolve();
        await playStory(scene, {
          after: async (step) => {
            if (!changes(step)) return;
            await up;
            await world.worker.end('SIGKILL');
            up = world.worker.start(); // the next step does not wait for it
            await world.web.killAndStart();
          },
        });
        await up;
        await assertHeld(world, scene);
      })(),
    ));

  it('of web right after each kind of request was sent', () =>
    world.explain(
      (async () => {
        const cuts = new Set<string>();
        let killing = Promise.resolve();
        const onSend = (method: string, path: string) => {
          const what = path.replace(/_[0-9a-f]{24}/g, '');
          if (method !== 'POST' || cuts.has(what) || path.endsWith('/downloads')) return;
          const delay = KILL_AFTER_MS[cuts.size % KILL_AFTER_MS.length];
          cuts.add(what);
          killing = new Promise((resolve, reject) => {
            setTimeout(() => world.web.killAndStart().then(resolve, reject), delay);
          });
        };
        const onCut = async () => {
          await killing;
          await world.web.up();
        };
        const scene = await world.scene(casts[1] as Cast, { onSend, onCut });
        await playStory(scene, { after: () => killing });
        assert.equal(cuts.size, 9, `cut were ${[...cuts].join(', ')}`);
        await assertHeld(world, scene);
      })(),
    ));

  for (const [n, fail] of (['timeout_before_commit', 'timeout_after_commit'] as const).entries()) {
    const done = fail === 'timeout_after_commit' ? 'has done' : 'has not done';
    it(`of worker while it waits for the exchange, which ${done} what was asked`, () =>
      world.explain(
        (async () => {
          const scene = await world.scene(casts[2 + n] as Cast);
          await playStory(scene, {
            before: async (step) => {
              if (step === sendReport) await failOnce(scene, fail, ['freeze']);
              if (step === orderRemedies) await failOnce(scene, fail, REMEDY_CALLS);
              if (step === approveRelease) await failOnce(scene, fail, ['release']);
            },
            after: async (step) => {
              if (![sendReport, orderRemedies, approveRelease].includes(step)) return;
              await until(
                'hit',
                () => switchesLeft(world),
                (left) => left === 0,
              );
              await world.worker.killAndStart();
            },
          });
          await assertHeld(world, scene);
        })(),
      ));
  }
});

describe('the story in one process on the embedded defaults, with kill -9', function () {
  this.timeout(300_000);
  let world: World;
  let casts: Cast[];

  before(async () => {
    ({ world, prepared: casts } = await startWorld({ inOne: true }, (past) => past.casts(1)));
  });
  after(() => world?.close());

  it('between any two steps', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[0] as Cast, patient(world.web));
        await playStory(scene, { after: (step) => changes(step) && world.web.killAndStart() });
        await assertHeld(world, scene);
      })(),
    ));
});

const changes = (step: Step): boolean => !CHANGE_NOTHING.includes(step);

/** One call of each kind stays without an answer. */
const failOnce = ({ exchange }: Scene, fail: (typeof FAILURES)[number], on: Call[]): Promise<void> =>
  exchange.fail(...on.map((call) => ({ fail: fail as 'timeout_before_commit', on: [call], times: 1 })));

async function switchesLeft({ env }: World): Promise<number> {
  const answer = await fetch(`${env['EXCHANGE_URL']}/admin/failures`);
  return ((await answer.json()) as { failures: unknown[] }).failures.length;
}
