import type { Check, Finding } from '../kernel/check.js';
import { Fault, parseKey, parseNote, successionText, verifyNote } from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';
import type { AuditContext } from './context.js';
import { type KeyRow, readKeyRows } from './log-keys.js';
import { eventsOfAction } from './logged-events.js';

/** The keys by which everything else is believed, so they are believed only where ROOT_KEY opens them. */
export const keysCheck: Check<AuditContext> = {
  name: 'audit-keys',
  about: 'that the keys of the log are its own, each named by the one before, and retired only where the log says so',
  run: async function* ({ db, auditLog }) {
    const { canSign, strays } = await auditLog.reloadKeys();
    if (!canSign) {
      yield finding('log', 'no key of the log opens with the ROOT_KEY that was given: another system made them');
      return;
    }
    for (const id of strays) yield finding(`key ${id}`, `key ${id} is none of the log: somebody put it into the store`);
    const rows = (await readKeyRows(db)).filter(({ _id }) => !strays.includes(Number(_id)));
    for (const [n, row] of rows.entries()) {
      if (await follows(row, rows[n - 1])) continue;
      yield finding(row.key, `key ${row._id} of the log is not named by the one before it, or that one is gone`);
    }
    yield* againstEvents(rows, await keysIn(db, 'audit.key-rotated'), await keysIn(db, 'audit.key-retired'));
  },
};

/** @param before  undefined for the first, which nobody names */
async function follows({ key, succession }: KeyRow, before: KeyRow | undefined): Promise<boolean> {
  if (before === undefined || succession === null) return before === undefined && succession === null;
  try {
    const known = await parseKey(nodePrimitives, before.key);
    const note = parseNote(succession);
    await verifyNote(nodePrimitives, note, [known]);
    return note.text === successionText(known.name, key);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return false;
  }
}

function* againstEvents(
  rows: readonly KeyRow[],
  made: ReadonlySet<unknown>,
  retired: ReadonlySet<unknown>,
): Generator<Finding> {
  const there = new Set<unknown>(rows.map(({ key }) => key));
  for (const key of made) if (!there.has(key)) yield finding(String(key), `key ${String(key)} of the log is gone`);
  for (const { _id, key, retiredAt } of rows) {
    if (retired.has(key) === (retiredAt !== null)) continue;
    const what =
      retiredAt === null ? 'was retired, and signs again' : 'is marked as retired, and the log says nothing of it';
    yield finding(key, `key ${_id} of the log ${what}`);
  }
}

async function keysIn(db: AuditContext['db'], action: string): Promise<Set<unknown>> {
  const keys = new Set<unknown>();
  for await (const { facts } of eventsOfAction(db, action)) keys.add(facts['key']);
  return keys;
}

const finding = (id: string, says: string): Finding => ({ kind: 'audit-key', id, says });
