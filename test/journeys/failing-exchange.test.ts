import assert from 'node:assert/strict';
import type { Cast } from '../../src/demo/people.js';
import { approveRelease, orderRemedies } from '../../src/demo/release-steps.js';
import { sendReport } from '../../src/demo/report-steps.js';
import { type FreezeAnswer, type Scene, type Step, until } from '../../src/demo/scene.js';
import { playStory } from '../../src/demo/story.js';
import type { Failure } from '../../src/simulator/failures.js';
import type { Call } from '../../src/simulator/words.js';
import { startWorld, type World } from '../support/world.js';
import { assertHeld, type Beyond } from './held.js';

const TIMEOUT_MS = 2_000; // on a slow machine too, an answer that is not held back comes sooner
const REMEDY_CALLS: Call[] = ['cancel_pending_withdrawals', 'revoke_sessions', 'revoke_api_keys'];

/** What a failure leaves undone at the exchange while it lasts; `slow` does everything, later than anybody waits. */
const SWITCHES: { failure: Failure; acts: 'yes' | 'no' | 'later' }[] = [
  { failure: { fail: 'slow', ms: 2 * TIMEOUT_MS }, acts: 'later' },
  { failure: { fail: 'timeout_before_commit' }, acts: 'no' },
  { failure: { fail: 'timeout_after_commit' }, acts: 'yes' },
  { failure: { fail: 'error_500' }, acts: 'no' },
  { failure: { fail: 'error_500_after_commit' }, acts: 'yes' },
  { failure: { fail: 'drop' }, acts: 'no' },
  { failure: { fail: 'drop_after_commit' }, acts: 'yes' },
];

/** How a call without an answer shows: once in the workflow, in the log for every try, and staff are paged. */
const UNANSWERED: Beyond = {
  events: {
    'freeze.unconfirmed': 1,
    'case.advanced freeze.unconfirmed': 1,
    'remedy.unconfirmed': 3,
    'case.advanced remedy.unconfirmed': 3,
    'release.unconfirmed': 1,
    'case.advanced release.unconfirmed': 1,
  },
  oftener: ['freeze.unconfirmed', 'remedy.unconfirmed', 'release.unconfirmed'],
  mails: { 'freeze-unconfirmed': 1, 'staff-page': 5 },
};

interface StaffFreeze extends FreezeAnswer {
  readonly release?: { readonly unsettled?: string };
}

/** An agent asks the exchange again, re-verified for exactly this freeze. */
async function askAgain({ cast: { agent }, caseId }: Scene, freezeId: string): Promise<void> {
  const path = `/api/cases/${caseId}/freezes/${freezeId}/retries`;
  const token = await agent.caller.reverify('retryFreeze', { caseId, freezeId }, {});
  await agent.caller.ask('POST', path, undefined, { Reverification: token });
}

describe('the story, while the exchange fails', function () {
  this.timeout(300_000);
  let world: World;
  let casts: Cast[];

  before(async () => {
    const env = { EXCHANGE_TIMEOUT_MS: String(TIMEOUT_MS) };
    const count = SWITCHES.length + 1;
    ({ world, prepared: casts } = await startWorld({ env }, (past) => past.casts(count)));
  });
  after(() => world?.close());
  afterEach(() => world.exchange.reset());

  for (const [n, { failure, acts }] of SWITCHES.entries()) {
    it(`${failure.fail}: unconfirmed is seen as unconfirmed, and everything happens once`, () =>
      world.explain(
        (async () => {
          const scene = await world.scene(casts[n] as Cast);
          // Reading back fails as the call itself does, so that nobody can know before the exchange is well again.
          const fail = (...on: Call[]) => scene.exchange.fail({ ...failure, on: [...on, 'read_operation'] });
          await playStory(scene, {
            before: async (step) => {
              if (step === sendReport) await fail('freeze');
              if (step === orderRemedies) await fail(...REMEDY_CALLS);
              if (step === approveRelease) await fail('release');
            },
            after: async (step) => {
              if (step === sendReport) await freezeIsUnconfirmed(scene, acts);
              if (step === orderRemedies) await remediesAreUnconfirmed(scene);
              if (step === approveRelease) await releaseIsUnconfirmed(scene, acts);
              if (fails(step)) await scene.exchange.reset();
            },
          });
          await assertHeld(world, scene, UNANSWERED);
        })(),
      ));
  }

  it('partial: what is not frozen is said, asked for again, and everything happens once', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts.at(-1) as Cast);
        const fail = (...on: Call[]) => scene.exchange.fail({ fail: 'partial', scopes: ['trading'], on });
        await playStory(scene, {
          before: async (step) => {
            if (step === sendReport) await fail('freeze');
            if (step === orderRemedies) await fail(...REMEDY_CALLS); // which have no scopes: nothing is amiss
            if (step === approveRelease) await fail('release');
          },
          after: async (step) => {
            if (step === sendReport) {
              const freezeId = await freezeIsPartial(scene);
              await scene.exchange.reset();
              await askAgain(scene, freezeId);
            }
            if (step === approveRelease) await releaseIsPartial(scene);
            if (fails(step)) await scene.exchange.reset();
          },
        });
        await assertHeld(world, scene, {
          events: {
            'case.viewed': 1, // by the agent, who does not work on it yet
            'freeze.partial': 1,
            'case.advanced freeze.partial': 1,
            'freeze.requested-again': 1,
            'reverification.asked': 1, // to ask again
            'reverification.answered': 1,
            'reverification.used': 1,
            'case.advanced freeze.requested': 1,
            'release.partial': 1,
            'case.advanced release.partial': 1,
            'release.renewed': 1,
          },
          oftener: ['release.partial', 'release.renewed'],
          mails: { 'freeze-partial': 1, 'staff-page': 2 },
          calls: { freeze: 1, release: 1 },
        });
      })(),
    ));
});

const fails = (step: Step): boolean => [sendReport, orderRemedies, approveRelease].includes(step);

async function freezeIsUnconfirmed(scene: Scene, acts: string): Promise<void> {
  const { customer } = scene.cast;
  const seen = await scene.caseUntil(customer.caller, 'answered', ({ state }) => !/requested/.test(state.name));
  assert.equal(seen.state.name, 'freeze-account.unconfirmed');
  assert.deepEqual(
    seen.freezes.map(({ state, applied, confirmedAt }) => ({ state, applied, confirmedAt })),
    [{ state: 'unconfirmed', applied: [], confirmedAt: undefined }],
  );
  if (acts !== 'later') assert.equal(await scene.exchange.attempt(scene.accountId, 'trading'), acts === 'no');
}

async function remediesAreUnconfirmed(scene: Scene): Promise<void> {
  const analyst = scene.cast.analysts[2].caller;
  await scene.caseUntil(analyst, 'answered', ({ remedies }) => remedies.every(({ state }) => state !== 'ordered'));
  const seen = await analyst.ask<{ remedies: { state: string }[]; allowed: string[] }>(
    'GET',
    `/api/cases/${scene.caseId}`,
  );
  assert.deepEqual(
    seen.remedies.map(({ state }) => state),
    ['unconfirmed', 'unconfirmed', 'unconfirmed'],
  );
  assert.ok(!seen.allowed.includes('release.proposed'), 'nobody may propose a release before the damage is undone');
}

async function releaseIsUnconfirmed(scene: Scene, acts: string): Promise<void> {
  await releaseIsUnsettled(scene, 'unconfirmed');
  if (acts !== 'later') assert.equal(await scene.exchange.attempt(scene.accountId, 'trading'), acts === 'yes');
}

async function freezeIsPartial(scene: Scene): Promise<string> {
  const { customer, agent } = scene.cast;
  await scene.caseUntil(customer.caller, 'answered', ({ state }) => !/requested/.test(state.name));
  const { state, freezes } = await scene.readCase(agent.caller);
  assert.equal(state.name, 'freeze-account.partly-frozen');
  const [freeze] = freezes as [FreezeAnswer];
  assert.equal(freeze.state, 'partial');
  assert.deepEqual(freeze.missing, ['trading']);
  assert.deepEqual(
    freeze.applied,
    freeze.scopes.filter((scope) => scope !== 'trading'),
  );
  assert.equal(await scene.exchange.attempt(scene.accountId, 'trading'), true);
  assert.equal(await scene.exchange.attempt(scene.accountId, 'crypto_withdrawal'), false);
  return String(freeze.freezeId);
}

async function releaseIsPartial(scene: Scene): Promise<void> {
  await releaseIsUnsettled(scene, 'partial');
  assert.equal(await scene.exchange.attempt(scene.accountId, 'trading'), false);
  assert.equal(await scene.exchange.attempt(scene.accountId, 'crypto_withdrawal'), true);
}

/** Nobody says *released* before the exchange has confirmed it. */
async function releaseIsUnsettled(scene: Scene, how: string): Promise<void> {
  const seen = await until(
    'answered',
    () => scene.readCase(scene.cast.approver.caller),
    ({ freezes }) => (freezes as StaffFreeze[]).every(({ release }) => release?.unsettled !== undefined),
  );
  assert.equal(seen.state.name, 'resolve.release-pending');
  assert.deepEqual(
    (seen.freezes as StaffFreeze[]).map(({ state, release }) => [state, release?.unsettled]),
    [['release-pending', how]],
  );
}
