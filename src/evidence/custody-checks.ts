import { type AuditEvent, eventsOfAction, eventsOfCase } from '../audit/index.js';
import type { Check, Finding } from '../kernel/check.js';
import type { Db } from '../kernel/mongo.js';
import type { EvidenceContext } from './context.js';
import { casesWithEvidence, custodyOfCase, evidenceOfCase, existingEvidence } from './store.js';
import type { CustodyAct, CustodyDoc, EvidenceDoc } from './words.js';

/** What the audit log calls an act that custody records, and when the two go together. */
const LOGGED: Partial<Record<CustodyAct, string>> = {
  received: 'evidence.received',
  scanned: 'evidence.scanned',
  previewed: 'evidence.previewed',
  redacted: 'evidence.redacted',
  viewed: 'evidence.viewed',
  downloaded: 'evidence.downloaded',
  shared: 'evidence.shared',
  delivered: 'evidence.delivered',
  erased: 'evidence.erased',
  'integrity-failed': 'evidence.integrity-failed',
  restored: 'evidence.original-changed',
};

/** Of these the log has one event for a whole case, which says of how many pieces. */
const COUNTED: Partial<Record<CustodyAct, { readonly action: string; readonly fact: string }>> = {
  listed: { action: 'evidence.listed', fact: 'count' },
  exported: { action: 'evidence.manifest-made', fact: 'count' },
  held: { action: 'legal-hold.set', fact: 'evidence' },
  'released-from-hold': { action: 'legal-hold.lifted', fact: 'evidence' },
};
const ACT_OF = new Map([
  ...Object.entries(LOGGED).map(([act, action]) => [action, act as CustodyAct] as const),
  ...Object.entries(COUNTED).map(([act, { action }]) => [action, act as CustodyAct] as const),
]);

/** Acts at whose end the bytes were found to be what they were. */
const INTACT_AFTER: ReadonlySet<CustodyAct> = new Set(['received', 'scanned', 'delivered', 'restored']);

const PIECE = 500;

export const custodyChecks: readonly Check<EvidenceContext>[] = [
  {
    name: 'evidence-custody',
    about: 'every record of evidence and of its custody, with its hashes, against what the audit log says',
    run: async function* ({ db }) {
      for await (const caseId of casesWithEvidence(db)) {
        const found = await readable(db, caseId);
        if (found.length === 0) continue;
        const again = new Set((await readable(db, caseId)).map(({ says }) => says)); // an act may commit between two reads
        yield* found.filter(({ says }) => again.has(says));
      }
      yield* missingEvidence(db);
    },
  },
];

/** A row whose very form was damaged is a fault too, and no reason to end. */
const readable = (db: Db, caseId: string): Promise<Finding[]> =>
  faultsOf(db, caseId).catch((error: unknown) => {
    if (!(error instanceof TypeError)) throw error;
    return [fault('custody-unreadable', caseId, `case ${caseId}: a record of evidence or custody is none any more`)];
  });

async function faultsOf(db: Db, caseId: string): Promise<Finding[]> {
  const docs = await evidenceOfCase(db, caseId);
  const custody: CustodyDoc[] = [];
  for (let after = ''; ; after = custody.at(-1)?._id ?? '') {
    const piece = await custodyOfCase(db, caseId, after, PIECE);
    custody.push(...piece);
    if (piece.length < PIECE) break;
  }
  const events = await eventsOfCase(db, caseId, [...ACT_OF.keys()]);
  const known = new Map(docs.map((doc) => [doc._id, doc]));
  return [
    ...docs.flatMap((doc) => recordFaults(doc, events)),
    ...custody.flatMap((row) => hashFaults(row, known.get(row.evidenceId), events)),
    ...countFaults(caseId, custody, events),
    ...holdFaults(caseId, events),
  ];
}

function recordFaults(doc: EvidenceDoc, events: readonly AuditEvent[]): Finding[] {
  const own = events.filter(({ target }) => target?.id === doc._id);
  const received = own.find(({ action }) => action === 'evidence.received');
  if (!received)
    return [fault('evidence-unlogged', doc._id, `evidence ${doc._id} was never received, says the audit log`)];
  const { facts } = received;
  const said: Record<string, readonly [unknown, unknown]> = {
    sha256: [doc.sha256, facts['sha256']],
    size: [doc.size, facts['size']],
    type: [doc.type, facts['type']],
    reportId: [doc.reportId, facts['reportId']],
    addedAt: [doc.addedAt.toISOString(), received.at],
    addedBy: [doc.addedBy.id, received.actor.id],
  };
  const wrong = Object.entries(said).flatMap(([name, [is, was]]) => (is === was ? [] : [name]));
  const erased = own.some(({ action }) => action === 'evidence.erased');
  if ((doc.original === 'erased') !== erased) wrong.push('original');
  if (!scanFits(doc, own)) wrong.push('scan');
  return wrong.map((name) =>
    fault('evidence-altered', doc._id, `evidence ${doc._id} says another ${name} than the audit log`),
  );
}

/** A verdict is only worth the scan that it came from. */
function scanFits({ scan, scanning }: EvidenceDoc, own: readonly AuditEvent[]): boolean {
  if (scan === 'pending' || scan === 'not-scanned') return true;
  const at = scanning?.at?.toISOString();
  return own.some(
    ({ action, at: when, facts }) => action === 'evidence.scanned' && when === at && facts['scan'] === scan,
  );
}

function hashFaults(row: CustodyDoc, doc: EvidenceDoc | undefined, events: readonly AuditEvent[]): Finding[] {
  const wrong = [];
  if (doc && row.sha256 !== doc.sha256) wrong.push('sha256');
  if (row.before !== (row.act === 'received' ? null : row.sha256)) wrong.push('before');
  if (INTACT_AFTER.has(row.act) && row.after !== row.sha256) wrong.push('after');
  const logged = events.find((event) => keyOf(event) === keyOfRow(row));
  if (logged && row.act === 'shared' && row.after !== logged.facts['derivative']) wrong.push('after');
  if (logged && row.act === 'integrity-failed' && row.after !== logged.facts['found']) wrong.push('after');
  return wrong.map((name) =>
    fault('custody-hash', row._id, `custody ${row._id} of evidence ${row.evidenceId} (${row.act}) has another ${name}`),
  );
}

/** Both ways: what custody says and the log does not, and what the log says and custody does not any more. */
function countFaults(caseId: string, custody: readonly CustodyDoc[], events: readonly AuditEvent[]): Finding[] {
  const due = new Map<string, number>();
  for (const event of events) {
    const key = keyOf(event);
    if (key !== undefined) due.set(key, (due.get(key) ?? 0) + piecesOf(event));
  }
  const found: Finding[] = [];
  for (const row of custody) {
    const key = keyOfRow(row);
    const left = due.get(key) ?? 0;
    if (left > 0) due.set(key, left - 1);
    else
      found.push(
        fault(
          'custody-unlogged',
          row._id,
          `custody ${row._id} of evidence ${row.evidenceId} (${row.act}, ${row.at.toISOString()}) is not in the audit log`,
        ),
      );
  }
  for (const [key, left] of due)
    if (left > 0)
      found.push(
        fault('custody-missing', caseId, `case ${caseId}: ${left} of custody are gone that the audit log has (${key})`),
      );
  return found;
}

/** Legal hold wins over everything, so nothing is erased between its setting and its lifting. */
function holdFaults(caseId: string, events: readonly AuditEvent[]): Finding[] {
  const of = (wanted: string) => events.filter(({ action }) => action === wanted).map(({ at }) => at);
  const [set, lifted] = [of('legal-hold.set'), of('legal-hold.lifted')];
  const held = (at: string) => set.some((from) => from < at && !lifted.some((until) => from <= until && until <= at));
  return events
    .filter(({ action, at }) => action === 'evidence.erased' && held(at))
    .map(({ target }) =>
      fault('erased-under-hold', caseId, `case ${caseId}: evidence ${target?.id} was erased while a legal hold stood`),
    );
}

function piecesOf({ action, facts }: AuditEvent): number {
  const counted = COUNTED[ACT_OF.get(action) as CustodyAct];
  return counted ? Number(facts[counted.fact] ?? 0) : 1;
}

/** Undefined for what custody does not record. */
function keyOf({ action, at, actor, target, facts, result }: AuditEvent): string | undefined {
  const act = ACT_OF.get(action);
  if (act === undefined || (act === 'restored' && facts['to'] !== 'kept')) return undefined;
  if ((act === 'previewed' || act === 'redacted') && result === 'refused') return undefined;
  return [act, act in COUNTED ? '' : target?.id, at, actor.id].join(' ');
}

const keyOfRow = ({ act, evidenceId, at, by }: CustodyDoc): string =>
  [act, act in COUNTED ? '' : evidenceId, at.toISOString(), by.id].join(' ');

async function* missingEvidence(db: Db): AsyncGenerator<Finding> {
  let piece: string[] = [];
  const missing = async () => {
    const there = await existingEvidence(db, piece);
    return piece
      .filter((id) => !there.has(id))
      .map((id) => fault('evidence-missing', id, `evidence ${id} was received, says the audit log, and is gone`));
  };
  for await (const { target } of eventsOfAction(db, 'evidence.received')) {
    if (target) piece.push(target.id);
    if (piece.length < PIECE) continue;
    yield* await missing();
    piece = [];
  }
  yield* await missing();
}

const fault = (kind: string, id: string, says: string): Finding => ({ kind, id, says });
