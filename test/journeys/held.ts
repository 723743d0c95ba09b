import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { type EventAnswer, readAudit } from '../../src/demo/audit-steps.js';
import { type Scene, until } from '../../src/demo/scene.js';
import { OutboxRows } from '../../src/kernel/outbox.js';
import type { World } from '../support/world.js';

type Counts = Readonly<Record<string, number>>;

/** Every event the story leaves in the log about its case, and how often; steps of the workflow by their event. */
const EVENTS: Counts = {
  'report.received': 1,
  'case.opened': 1,
  'evidence.received': 3,
  'freeze.requested': 1,
  'freeze.confirmed': 1,
  'case.advanced freeze.confirmed': 1,
  'case.assigned': 1,
  'evidence.listed': 1,
  'evidence.downloaded': 1,
  'evidence.previewed': 3,
  'identity-check.started': 2,
  'identity-check.passed': 2,
  'case.advanced identity.check-started': 2,
  'case.advanced identity.passed': 1,
  'remedy.ordered': 3,
  'case.advanced remedy.ordered': 1,
  'remedy.done': 3,
  'case.advanced remedy.done': 3,
  'release.proposed': 1,
  'case.advanced release.proposed': 1,
  'release.approved': 1,
  'case.advanced release.approved': 1,
  'release.requested': 1,
  'release.confirmed': 1,
  'case.advanced release.confirmed': 1,
  'case.closed': 1,
  'case.advanced case.closed': 1,
  // the agent for the original, two analysts for their checks, one for the proposal, the approver; once each
  'reverification.asked': 5,
  'reverification.answered': 5,
  'reverification.used': 5,
};

/**
 * A job whose end got lost runs once more, finds everything settled, and says so in the log: without effect. That an original
 * arrived is written when its last byte has left; a process killed at that moment has not seen it.
 */
const SET_ASIDE = /^(?:(freeze|remedy)\.answer-set-aside|evidence\.delivered)$/;

/** The mails of the story about its case. */
const MAILS: Counts = {
  'report-received': 1,
  'freeze-confirmed': 1,
  'identity-passed': 1,
  'release-proposed': 1,
  'release-approved': 1,
  'account-released': 1,
  'case-closed': 1,
};

/** The calls that had an effect at the exchange. */
const CALLS: Counts = {
  freeze: 1,
  cancel_pending_withdrawals: 1,
  revoke_sessions: 1,
  revoke_api_keys: 1,
  release: 1,
};

/** What a disturbed story leaves beyond the plain one. */
export interface Beyond {
  readonly events?: Counts;
  readonly mails?: Counts;
  readonly calls?: Counts;
  /** Events of which there may be more: one for every call that got no answer. */
  readonly oftener?: readonly string[];
}

/**
 * Holds a story that was played to its end to what must be true however it was disturbed: the account is as the case says,
 * each effect happened once, no audit event is missing or there twice, every mail was written once, nothing is left to do.
 */
export async function assertHeld(world: World, scene: Scene, beyond: Beyond = {}): Promise<void> {
  await assertAccount(scene, beyond);
  await assertDrained(world);
  await assertAudit(scene, beyond);
  await assertCodesSpentOnce(scene);
  assert.deepEqual(await mailsAbout(world, scene), plus(MAILS, beyond.mails), 'mails');
}

async function assertAccount(scene: Scene, { calls }: Beyond): Promise<void> {
  const { exchange, accountId, cast } = scene;
  const seen = await scene.readCase(cast.analysts[2].caller);
  const account = await exchange.account(accountId);
  assert.equal(seen.state.name, 'closed');
  assert.deepEqual(
    seen.freezes.map(({ state }) => state),
    ['released'],
  );
  assert.deepEqual(new Set(seen.remedies.map(({ state }) => state)), new Set(['done']));
  assert.deepEqual(account.frozen, {}, 'the case says released');

  const scopes = seen.freezes.flatMap((freeze) => freeze.scopes);
  const ended = account.withdrawals.filter(({ status }) => status === 'cancelled').map(({ id }) => id);
  const each = (effect: string, subjects: readonly string[]) => subjects.map((subject) => `${effect} ${subject}`);
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
  const ledger = await exchange.ledger(accountId);
  assert.deepEqual(
    ledger
      .filter(({ effect }) => effect !== 'link_code_redeemed')
      .map(({ effect, subject }) => `${effect} ${subject}`)
      .toSorted(),
    [
      ...each('scope_frozen', scopes),
      ...each('scope_released', scopes),
      ...each('withdrawal_held', ended),
      ...each('withdrawal_cancelled', ended),
      ...each('session_revoked', ids(account.sessions)),
      ...each('api_key_revoked', ids(account.apiKeys)),
    ].toSorted(),
    'each effect once',
  );
  assert.ok(ended.length > 0, 'the thief’s withdrawal is cancelled');
  assert.deepEqual(await callsAbout(scene), plus(CALLS, calls), 'calls at the exchange');
}

async function callsAbout({ exchange, accountId }: Scene): Promise<Counts> {
  const operations = await exchange.operations();
  const about = operations.filter(({ answer }) => (answer['receipt'] as Receipt | undefined)?.accountId === accountId);
  return count(about.map(({ call }) => call));
}

interface Receipt {
  readonly accountId: string;
}

async function assertAudit({ caseId, cast }: Scene, { events, oftener = [] }: Beyond): Promise<void> {
  const found = await readAudit(cast.compliance.caller, caseId);
  assert.deepEqual(new Set(found.flatMap(({ faults }) => faults)), new Set(), 'every event is intact');
  assert.equal(new Set(found.map(({ id }) => id)).size, found.length, 'no event twice');
  const counting = found.filter(({ event }) => !SET_ASIDE.test(event.action));
  const names = counting.map(({ event }) =>
    event.action === 'case.advanced' ? `case.advanced ${String(event.facts['event'])}` : event.action,
  );
  const expected = plus(EVENTS, events);
  const counted = Object.entries(count(names));
  const atLeast = counted.map(([name, times]) => {
    const wanted = expected[name] ?? 0;
    return [name, oftener.includes(name) ? Math.min(times, wanted) : times] as const;
  });
  assert.deepEqual(Object.fromEntries(atLeast.filter(([, times]) => times > 0)), expected, 'events');
}

/** A code whose answer got lost is not used for a second act: the same request gets that answer again. */
async function assertCodesSpentOnce({ cast }: Scene): Promise<void> {
  const path = '/api/audit/events?action=proof.refused';
  const { events } = await cast.compliance.caller.ask<{ events: EventAnswer[] }>('GET', path);
  assert.deepEqual(
    events.map(({ event }) => event.facts['reason']).filter((reason) => reason === 'replayed'),
    [],
  );
}

/** Nothing is due any more or was begun, nothing was given up. */
export async function assertDrained(world: World): Promise<void> {
  await world.look(async (ctx) => {
    const rows = () =>
      OutboxRows(ctx.db)
        .collection.find({ $or: [{ runAt: { $lte: new Date() } }, { attempts: { $gt: 0 } }] })
        .toArray();
    const left = await until('drained', rows, (found) => found.every(({ state }) => state === 'dead'));
    assert.deepEqual(
      left.map(({ name }) => name),
      [],
      'given up',
    );
  });
}

async function mailsAbout(world: World, scene: Scene): Promise<Counts> {
  const folder = join(world.folder, 'outbox');
  const number = scene.know('report').caseNumber;
  const templates: string[] = [];
  for (const name of await readdir(folder)) {
    const [, template] = /^job_[0-9a-f]+-([a-z-]+)\.eml$/.exec(name) ?? [];
    if (template === undefined) continue; // half written by a process that was killed; the sweep removes it
    const { text, subject } = await simpleParser(await readFile(join(folder, name)));
    if (`${subject} ${text}`.includes(number)) templates.push(template);
  }
  return count(templates);
}

function count(names: readonly string[]): Counts {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function plus(plain: Counts, beyond: Counts = {}): Counts {
  const sum: Record<string, number> = { ...plain };
  for (const [name, more] of Object.entries(beyond)) sum[name] = (sum[name] ?? 0) + more;
  return sum;
}
