import type { Check, Finding } from '../kernel/check.js';
import type { Db } from '../kernel/mongo.js';
import type { AuditContext } from './context.js';
import { erasureDigest, erasureLine } from './erasure-store.js';
import { AuditEvents, AuditOpenings } from './store.js';
import { readEvent } from './verify-event.js';
import type { AuditEvent, ErasedMark, OpeningsRow } from './words.js';

const PIECE = 500;

/** What marks say that one batch took, and when. */
interface Taken {
  readonly lines: readonly string[];
  readonly times: ReadonlySet<number>;
}

/** What the log says of it. */
interface Batch {
  readonly digest: unknown;
  readonly at: number;
}

/** Personal data is only gone where an erasure that stands in the log took it. */
export const erasureCheck: Check<AuditContext> = {
  name: 'audit-openings',
  about: 'that personal data of the log is only gone where an erasure that stands in the log took it',
  run: async function* ({ db }) {
    const before = await batchesOf(db);
    const taken = new Map<string, Taken>();
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
    yield* unordered(before, await batchesOf(db), taken);
  },
};

async function* missing(
  db: Db,
  events: readonly { id: string; event: AuditEvent }[],
  taken: Map<string, Taken>,
): AsyncGenerator<Finding> {
  const rows = (await AuditOpenings(db)
    .collection.find({ _id: { $in: events.map(({ id }) => id as never) } }, { promoteBuffers: true })
    .toArray()) as unknown as OpeningsRow[];
  const rowOf = new Map(rows.map((row) => [row._id, row]));
  for (const { id, event } of events) {
    const { openings = [], erased = [] } = rowOf.get(id) ?? {};
    for (const { erasure, batch, fields, at } of erased) {
      const name = batchName(erasure, batch);
      const { lines = [], times = [] } = taken.get(name) ?? {};
      taken.set(name, { lines: [...lines, erasureLine(id, fields)], times: new Set([...times, at.getTime()]) });
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

/** Every batch that marks speak of is in the log, for exactly these openings, at that instant; one that came while this ran is left to the next run. */
function* unordered(
  before: ReadonlyMap<string, Batch>,
  now: ReadonlyMap<string, Batch>,
  taken: ReadonlyMap<string, Taken>,
): Generator<Finding> {
  for (const [name, { lines, times }] of taken) {
    const batch = now.get(name);
    if (batch && !before.has(name)) continue;
    if (!batch || batch.digest !== erasureDigest(lines) || [...times].some((at) => at !== batch.at))
      yield { kind: 'audit-erasure', id: name, says: `what ${name} erased is not what the log says that it erased` };
  }
}

async function batchesOf(db: Db): Promise<Map<string, Batch>> {
  const batches = new Map<string, Batch>();
  const rows = AuditEvents(db).collection.find({ action: 'erasure.openings-erased' }, { promoteBuffers: true });
  for await (const row of rows) {
    const event = row['bytes'] instanceof Uint8Array ? readEvent(row['bytes']) : undefined;
    if (!event) continue;
    const { batch, digest } = event.facts;
    batches.set(batchName(event.target?.id, batch), { digest, at: Date.parse(event.at) });
  }
  return batches;
}

const batchName = (erasure: unknown, batch: unknown): string => `${String(erasure)}/${String(batch)}`;
