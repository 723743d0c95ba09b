import assert from 'node:assert/strict';
import type { Caller } from '../../src/demo/caller.js';
import type { Cast, Player } from '../../src/demo/people.js';
import { approvalPath, approveRelease } from '../../src/demo/release-steps.js';
import { reportForm, sendReport } from '../../src/demo/report-steps.js';
import type { ReportAnswer } from '../../src/demo/scene.js';
import { playAfter, playBefore } from '../../src/demo/story.js';
import { startWorld, type World } from '../support/world.js';
import { assertHeld } from './held.js';

describe('the story, on two web processes at once', function () {
  this.timeout(300_000);
  let world: World;
  let casts: Cast[];
  let second: Player;

  before(async () => {
    const started = await startWorld({ webs: 2 }, async (past) => {
      const [approver] = (await past.enrol(['approver'])) as [Player];
      const all = await past.casts(3);
      await past.signIn([approver]);
      return { all, approver };
    });
    world = started.world;
    casts = started.prepared.all;
    second = started.prepared.approver;
  });
  after(() => world?.close());

  /** The same person before each of the two. */
  const twins = async (caller: Caller): Promise<Caller[]> =>
    Promise.all(world.webs.map((web) => world.live(caller, {}, web)));

  it('one Idempotency-Key sent to both acts once, and both answer alike', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[0] as Cast);
        await playBefore(scene, sendReport);
        const headers = { Reverification: scene.know('reverification'), 'Idempotency-Key': crypto.randomUUID() };
        const send = async (caller: Caller) =>
          caller.send<ReportAnswer>('POST', '/api/reports', await reportForm(scene.know('reportBody')), headers);
        const [one, other] = await twins(scene.cast.customer.caller);
        const answers = await Promise.all([send(one as Caller), send(other as Caller), send(one as Caller)]);
        const [first] = answers;
        for (const { status, body } of answers) {
          assert.equal(status, 201, JSON.stringify(body));
          assert.deepEqual(body, first?.body);
        }
        const replays = answers.filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
        assert.equal(replays.length, 2, 'one acted');
        scene.learn({ sentAt: Date.now(), report: first?.body as ReportAnswer });
        await playAfter(scene, sendReport);
        await assertHeld(world, scene);
      })(),
    ));

  it('of two approvals at once exactly one is taken', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[1] as Cast);
        await playBefore(scene, approveRelease);
        const path = approvalPath(scene);
        const params = { caseId: scene.caseId, approvalId: scene.know('proposal').approvalId };
        const [one] = await twins(scene.cast.approver.caller);
        const [, other] = await twins(second.caller);
        const both = [one, other] as [Caller, Caller];
        const proofs = await Promise.all(both.map((caller) => caller.reverify('approveRelease', params, {})));
        const answers = await Promise.all(
          both.map((caller, n) => caller.send('POST', path, undefined, { Reverification: proofs[n] as string })),
        );
        assert.deepEqual(answers.map(({ status }) => (status === 202 ? 'taken' : 'refused')).toSorted(), [
          'refused',
          'taken',
        ]);
        const refused = answers.find(({ status }) => status !== 202);
        assert.ok(
          // Decided already; or, as the account has moved on since, the re-verification was for an older state of it.
          ['already_decided', 'step_up_required'].includes(String(refused?.body['code'])),
          JSON.stringify(refused?.body),
        );
        await playAfter(scene, approveRelease);
        await assertHeld(world, scene, { events: { 'reverification.asked': 1, 'reverification.answered': 1 } });
      })(),
    ));

  it('the same report twice at once is one case, frozen once', () =>
    world.explain(
      (async () => {
        const scene = await world.scene(casts[2] as Cast);
        await playBefore(scene, sendReport);
        const [one, other] = (await twins(scene.cast.customer.caller)) as [Caller, Caller];
        const body = scene.know('reportBody');
        const proof = { Reverification: scene.know('reverification') };
        const [proven, plain] = await Promise.all([
          one.ask<ReportAnswer>('POST', '/api/reports', await reportForm(body), proof),
          other.ask<ReportAnswer>('POST', '/api/reports', body),
        ]);
        assert.equal(plain.caseId, proven.caseId);
        assert.deepEqual([plain.joined, proven.joined].toSorted(), [false, true]);
        scene.learn({ sentAt: Date.now(), report: proven });
        await playAfter(scene, sendReport);
        await assertHeld(world, scene, {
          events: {
            'report.received': 1,
            'case.joined': 1,
            // Who proves it only when joining asks for the freeze then.
            ...(proven.joined ? { 'case.advanced freeze.requested': 1 } : {}),
          },
          mails: { 'report-received': 1 },
        });
      })(),
    ));
});
