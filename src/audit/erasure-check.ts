import type { Check, Finding } from '../kernel/check.js';
import type { Db } from '../kernel/mongo.js';
import type { AuditContext } from './context.js';
import { erasureDigest, erasureLine } from './erasure-store.js';
import { AuditEvents, AuditOpenings } from './store.js';
import { readEvent } from './verify-event.js';
import type { AuditEvent, ErasedMark, OpeningsRow } from './words.js';

const PIECE = 500;

/** Personal data is only gone where an erasure that stands in the log took it. */
export const erasureCheck: Check<AuditContext> = {
  name: 'audit-openings',
  about: 'that personal data of the log is only gone where an erasure that stands in the log took it',
  run: async function* ({ db }) {
    const before = await digestsOf(db);
    const taken = new Map<string, string[]>();
    let piece: { id: string; event: AuditEvent }[] = [];
    const rows = AuditEvents(db)
      .collection.find({}, { promoteBuffers: true, projection: { bytes: 1 }, batchSize: PIECE })
      .sort({ _id: 1 });
    for await (const row of rows) {
      const event = row['bytes'] instanceof Uint8Array ? readEvent(row['bytes']) : undefined;
      if (!event || Object.keys(event.commitments).length === 0) continue;
      piece.push({ id: String(row._id), event });
      if (piece.length < PIECE) continue;
      yield* missing(db, piece, taken);
      piece = [];
    }
    yield* missing(db, piece, taken);
    yield* unordered(before, await digestsOf(db), taken);
  },
};

async function* missing(
  db: Db,
  events: readonly { id: string; event: AuditEvent }[],
  taken: Map<string, string[]>,
): AsyncGenerator<Finding> {
  const rows = (await AuditOpenings(db)
    .collection.find({ _id: { $in: events.map(({ id }) => id as never) } }, { promoteBuffers: true })
    .toArray()) as unknown as OpeningsRow[];
  const rowOf = new Map(rows.map((row) => [row._id, row]));
  for (const { id, event } of events) {
    const { openings = [], erased = [] } = rowOf.get(id) ?? {};
    for (const { erasure, batch, fields } of erased) {
      const name = batchName(erasure, batch);
      taken.set(name, [...(taken.get(name) ?? []), erasureLine(id, fields)]);
    }
    const known = new Set([...openings, ...erased.flatMap(fieldsOf)].map(({ field }) => field));
    const gone = Object.keys(event.commitments).filter((field) => !known.has(field));
    if (gone.length > 0)
      yield {
        kind: 'audit-opening-missing',
        id,
        says: `personal data of event ${id} is gone (${gone.join(', ')}), and no erasure took it`,
      };
  }
}

const fieldsOf = ({ fields }: ErasedMark) => fields.map((field) => ({ field }));

/** Every batch that marks speak of is in the log, for exactly these openings; one that came while this ran is left to the next run. */
function* unordered(
  before: ReadonlyMap<string, unknown>,
  now: ReadonlyMap<string, unknown>,
  taken: ReadonlyMap<string, readonly string[]>,
): Generator<Finding> {
  for (const [name, lines] of taken) {
    if (now.has(name) && !before.has(name)) continue;
    if (now.get(name) !== erasureDigest(lines))
      yield { kind: 'audit-erasure', id: name, says: `what ${name} erased is not what the log says that it erased` };
  }
}

async function digestsOf(db: Db): Promise<Map<string, unknown>> {
  const digests = new Map<string, unknown>();
  const rows = AuditEvents(db).collection.find({ action: 'erasure.openings-erased' }, { promoteBuffers: true });
  for await (const row of rows) {
    const event = row['bytes'] instanceof Uint8Array ? readEvent(row['bytes']) : undefined;
    if (event) digests.set(batchName(event.target?.id, event.facts['batch']), event.facts['digest']);
  }
  return digests;
}

const batchName = (erasure: unknown, batch: unknown): string => `${String(erasure)}/${String(batch)}`;
