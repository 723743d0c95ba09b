import { Schema } from 'mongoose';
import type { Clock } from '../kernel/clock.js';
import type { Logger } from '../kernel/logger.js';
import { collection, type Db, SCHEMA_OPTIONS } from '../kernel/mongo.js';
import { verifyCheckpoint } from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';
import type { LogKeys } from './log-keys.js';
import { AuditCheckpoints, type CheckpointRow, checkpointOf, newestCheckpoint } from './log-store.js';
import { type Outgoing, type Outlet, OutletRefused } from './outlets/outlet.js';
import { treeOf } from './tree.js';

/** How far one outlet is. */
export interface PublicationRow {
  /** Id of the outlet. */
  readonly _id: string;
  /** Size of the newest checkpoint that it has; -1 before the first. */
  readonly size: number;
  readonly at: Date;
  /** Tries that failed since. */
  readonly failures: number;
  readonly refused: string | null;
}

const schema = new Schema<PublicationRow>(
  {
    _id: { type: String, required: true },
    size: { type: Number, required: true },
    at: { type: Date, required: true },
    failures: { type: Number, required: true },
    refused: { type: String, default: null },
  },
  SCHEMA_OPTIONS,
);
export const AuditPublications = collection<PublicationRow>('auditPublications', schema);

export interface PublisherOptions {
  readonly db: Db;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly keys: () => Promise<LogKeys>;
  readonly outlets: readonly Outlet[];
  /** Milliseconds between two checkpoints to one outlet. */
  readonly everyMs: number;
  /** Hears once when an outlet says that the log is not the one it saw. */
  readonly onRefused?: (outlet: string, why: string) => Promise<void>;
}

/** Takes the newest checkpoint out of the house, to each outlet at its own pace: one that hangs holds up nobody else. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #running = new Map<string, Promise<void>>();
  readonly #lastTry = new Map<string, number>();
  readonly #refused = new Set<string>();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** Begins what is due; at once for who has just stopped waiting when `now`. */
  offer({ now = false }: { now?: boolean } = {}): void {
    for (const outlet of this.#options.outlets) {
      if (this.#running.has(outlet.id)) continue;
      const since = performance.now() - (this.#lastTry.get(outlet.id) ?? Number.NEGATIVE_INFINITY);
      if (!now && since < this.#options.everyMs) continue;
      this.#lastTry.set(outlet.id, performance.now());
      const run = this.#publish(outlet)
        .catch((error: unknown) => {
          this.#options.logger.warn('a checkpoint could not be published', { to: outlet.id, error });
        })
        .finally(() => void this.#running.delete(outlet.id));
      this.#running.set(outlet.id, run);
    }
  }

  /** Resolves when nothing is on its way. */
  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async #publish(outlet: Outlet): Promise<void> {
    const { db, clock, logger } = this.#options;
    const newest = await newestCheckpoint(db);
    if (!newest) return;
    const rows = AuditPublications(db).collection;
    const done = (await rows.findOne({ _id: outlet.id as never })) as unknown as PublicationRow | null;
    if (done && done.size === newest._id && done.failures === 0 && done.refused === null) return;
    try {
      const lines = await outlet.publish(await outgoing(db, await this.#options.keys(), newest));
      if (lines.length > 0)
        await AuditCheckpoints(db).collection.updateOne({ _id: newest._id as never }, {
          $addToSet: { cosignatures: { $each: [...lines] } },
        } as never);
      this.#refused.delete(outlet.id);
      await keep(rows, outlet.id, { size: newest._id, at: clock.now(), failures: 0, refused: null });
    } catch (error) {
      if (error instanceof OutletRefused && (await this.#overtaken(outlet, newest._id))) return;
      const refused = error instanceof OutletRefused ? error.message : null;
      await keep(rows, outlet.id, {
        size: done?.size ?? -1,
        at: done?.at ?? clock.now(),
        failures: (done?.failures ?? 0) + 1,
        refused,
      });
      if (refused === null) throw error;
      if (this.#refused.has(outlet.id)) return;
      this.#refused.add(outlet.id);
      logger.error('an outside witness refused the audit log', { by: outlet.id, what: refused });
      await this.#options.onRefused?.(outlet.id, refused);
    }
  }

  /** Another process of ours took a newer checkpoint there meanwhile; the next round is about that one. */
  async #overtaken({ id }: Outlet, size: number): Promise<boolean> {
    const { db } = this.#options;
    const row = await AuditPublications(db).collection.findOne({ _id: id as never });
    const taken = Number(row?.['size'] ?? -1);
    return taken > size && (await checkpointOf(db, taken)) !== undefined;
  }
}

const keep = (rows: ReturnType<typeof AuditPublications>['collection'], id: string, row: Omit<PublicationRow, '_id'>) =>
  rows.replaceOne({ _id: id as never }, row as never, { upsert: true });

/** Only what we signed ourselves leaves the house. @throws Fault when the store holds another note */
async function outgoing(db: Db, keys: LogKeys, { note, at, _id: size }: CheckpointRow): Promise<Outgoing> {
  const { origin, root } = await verifyCheckpoint(nodePrimitives, note, keys.all);
  return { origin, root, note, at, size, consistencyFrom: (from) => treeOf(db).consistency(from, size) };
}
