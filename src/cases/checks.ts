import { type AuditEvent, eventsOfAction, eventsOfCase } from '../audit/index.js';
import type { Check, Finding } from '../kernel/check.js';
import type { Db } from '../kernel/mongo.js';
import { EVENTS } from '../workflow/index.js';
import type { CaseContext } from './context.js';
import { Cases, everyCase, existingCases, HISTORY_MAX } from './store.js';
import type { CaseDoc, HistoryEntry } from './words.js';

const ACTIONS = ['case.opened', 'case.advanced', 'case.closed'];
const PIECE = 500;

/** Where a case stands, against how the audit log says that it came there and what its workflow knows. */
export const caseChecks: readonly Check<Pick<CaseContext, 'db' | 'workflows'>>[] = [
  {
    name: 'cases',
    about: 'the state, history and outcome of every case against the audit log and its workflow',
    run: async function* ({ db, workflows }) {
      for await (const doc of everyCase(db)) {
        yield* await settledFaults(db, workflows, doc).catch((error: unknown): Finding[] => {
          if (!(error instanceof TypeError)) throw error;
          return [{ kind: 'case-unreadable', id: String(doc._id), says: `case ${doc._id} is no case any more` }];
        });
      }
      yield* missingCases(db);
    },
  },
];

/** How often a case is read anew that moves while it is looked at. */
const TRIES = 10;

async function settledFaults(db: Db, workflows: CaseContext['workflows'], first: CaseDoc): Promise<Finding[]> {
  let doc: CaseDoc | null = first;
  for (let tries = 1; doc && tries <= TRIES; tries += 1) {
    const found = await faultsOf(db, workflows, doc);
    const now: CaseDoc | null = await Cases(db).findOne({ _id: doc._id }).lean<CaseDoc>().exec();
    if (now?.version === doc.version) return found; // else the log may be ahead of what was read
    doc = now;
  }
  return [];
}

async function faultsOf(db: Db, workflows: CaseContext['workflows'], doc: CaseDoc): Promise<Finding[]> {
  const events = await eventsOfCase(db, doc._id, ACTIONS);
  const says = (kind: string, what: string): Finding => ({ kind, id: doc._id, says: `case ${doc.number}: ${what}` });
  const opened = events.find(({ action }) => action === 'case.opened');
  if (!opened) return [says('case-unlogged', 'was never opened, says the audit log')];
  const found: Finding[] = [];
  const { number, kind, workflow } = opened.facts;
  if (number !== doc.number || kind !== doc.kind || opened.at !== doc.openedAt.toISOString())
    found.push(says('case-altered', 'was opened otherwise, says the audit log'));
  const begun = workflow as CaseDoc['workflow'] | undefined;
  if (begun?.id !== doc.workflow.id || begun.version !== doc.workflow.version || begun.sha256 !== doc.workflow.sha256)
    found.push(says('case-workflow', 'was opened on another workflow, says the audit log'));
  const definition = workflows.exact(doc.workflow);
  if (!definition || !Object.hasOwn(definition.states, doc.state))
    found.push(says('case-state', `is in ${doc.state}, which its workflow does not know`));
  if (doc.state !== doc.history.at(-1)?.to)
    found.push(says('case-state', `is in ${doc.state}, its history ends in ${doc.history.at(-1)?.to ?? 'nothing'}`));
  const torn = doc.history.findIndex((entry, n) => n > 0 && entry.from !== doc.history[n - 1]?.to);
  if (torn > 0)
    found.push(says('case-history', `entry ${torn + 1} of its history does not begin where the one before ends`));
  const closings = events.filter(({ action }) => action === 'case.closed');
  const closed = closings.find(({ at }) => at === doc.closedAt?.toISOString());
  if (
    (doc.state === 'closed') !== (doc.closedAt !== undefined) ||
    (doc.outcome ?? null) !== (closed?.facts['outcome'] ?? null)
  )
    found.push(says('case-outcome', `has the outcome ${doc.outcome ?? 'none'}, the audit log says another`));
  return [...found, ...historyFaults(doc, opened, events).map((what) => says('case-history', what))];
}

function historyFaults({ history }: CaseDoc, opened: AuditEvent, events: readonly AuditEvent[]): string[] {
  const logged = new Map<string, number>();
  const note = (key: string, by: number) => logged.set(key, (logged.get(key) ?? 0) + by);
  for (const { action, at, actor, facts } of events)
    if (action === 'case.advanced') note([facts['event'], facts['from'], facts['to'], at, actor.id].join(' '), 1);
  const wrong: string[] = [];
  for (const entry of history) {
    if (entry.event === 'case.opened') {
      if (entry.to !== opened.facts['state'] || entry.at.toISOString() !== opened.at || entry.by.id !== opened.actor.id)
        wrong.push('its history begins otherwise than the audit log says');
      continue;
    }
    const key = keyOf(entry);
    if ((logged.get(key) ?? 0) > 0) note(key, -1);
    else if (entry.from !== entry.to || Object.hasOwn(EVENTS, entry.event))
      wrong.push(`its history says ${key}, the audit log does not`);
  }
  if (history.length >= HISTORY_MAX) return wrong; // what came before has scrolled out of the case
  if (history[0]?.event !== 'case.opened') wrong.push('its history has lost its beginning');
  for (const [key, left] of logged) if (left > 0) wrong.push(`the audit log says ${key}, its history does not`);
  return wrong;
}

const keyOf = ({ event, from, to, at, by }: HistoryEntry): string =>
  [event, from, to, at.toISOString(), by.id].join(' ');

async function* missingCases(db: Db): AsyncGenerator<Finding> {
  let piece: string[] = [];
  const missing = async (): Promise<Finding[]> => {
    const there = await existingCases(db, piece);
    return piece
      .filter((id) => !there.has(id))
      .map((id) => ({ kind: 'case-missing', id, says: `case ${id} was opened, says the audit log, and is gone` }));
  };
  for await (const { caseId } of eventsOfAction(db, 'case.opened')) {
    if (caseId !== undefined) piece.push(caseId);
    if (piece.length < PIECE) continue;
    yield* await missing();
    piece = [];
  }
  yield* await missing();
}
