import type { Check, Finding } from '../kernel/check.js';
import {
  Accumulator,
  equal,
  Fault,
  HASH_LENGTH,
  parseKey,
  type VerifierKey,
  verifyCheckpoint,
} from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';
import { eventsAt } from './bundle-source.js';
import { noteOf } from './checkpoints.js';
import type { AuditContext } from './context.js';
import { cosignatureCheck } from './cosignature-check.js';
import { erasureCheck } from './erasure-check.js';
import { keysCheck } from './keys-check.js';
import { leafHash, nodeHash } from './leaf-hash.js';
import { AuditCheckpoints, AuditEntries, AuditPending, type CheckpointRow, readLog, readTiles } from './log-store.js';
import { AuditEvents } from './store.js';
import { TILE_WIDTH, type TileAt, tileName } from './tiles.js';
import { TimeComparison } from './time-comparison.js';
import { verifyEvent } from './verify-event.js';

const PIECE = 500;

/** Reads the whole log once: events, places, leaves, tiles, checkpoints, each against the others. */
const logCheck: Check<AuditContext> = {
  name: 'audit-log',
  about: 'every event of the audit log against its leaf, its tiles, and every checkpoint that was signed',
  run: async function* (ctx) {
    const { db } = ctx;
    const state = await readLog(db);
    const notes = await readCheckpoints(ctx);
    if (!state) {
      if (notes.size > 0) yield finding('audit-end', 'log', 'the row that says where the log ends is gone');
      return;
    }
    for (const one of notes.values()) if (one.wrong) yield one.wrong;
    const tree = new Accumulator(nodePrimitives);
    const tiles = new TileComparison(ctx);
    const times = new TimeComparison();
    yield* atCheckpoint(tree, notes);
    for await (const { index, id, row, bytes, openings } of eventsAt(db, { size: state.size }, true)) {
      if (id === '') {
        yield finding('audit-index', `index ${index}`, `index ${index} has no event: a place was taken away`);
      } else if (!row || !bytes) {
        yield finding('audit-event-missing', id, `event ${id}, number ${index} of the log, is gone`);
      } else {
        yield* times.event(index, row.at);
        for (const fault of verifyEvent(row, openings))
          yield finding(`audit-${fault}`, id, `event ${id}, number ${index}, is not what was written (${fault})`);
      }
      const leaf = await tiles.leaf(index);
      const own = bytes && leafHash(bytes);
      if (!leaf) yield finding('audit-tile', `index ${index}`, `the tree has no leaf ${index}`);
      else if (own && !equal(leaf, own))
        yield finding('audit-leaf', id, `event ${id} is not the one that was put at ${index}, or its leaf was altered`);
      await tree.append(leaf ?? own ?? new Uint8Array(HASH_LENGTH));
      yield* tiles.append(leaf ?? own ?? new Uint8Array(HASH_LENGTH));
      yield* atCheckpoint(tree, notes);
      const noted = notes.get(tree.size);
      if (noted) yield* times.checkpoint(tree.size, noted.at, ctx.clock.now());
    }
    for (const size of notes.keys())
      if (size > tree.size)
        yield finding('audit-cut', `checkpoint ${size}`, `${size} events were signed, the log has ${tree.size}`);
    if (state.signed > state.size || !(notes.has(state.signed) || state.signed < 0))
      yield finding(
        'audit-end',
        'log',
        `the log says that it was signed at ${state.signed}, and no such checkpoint is there`,
      );
    const beyond = await AuditEntries(db).collection.countDocuments({ _id: { $gte: state.size as never } });
    const size = (await readLog(db))?.size ?? 0;
    if (beyond > size - state.size)
      yield finding('audit-end', 'log', `${beyond - (size - state.size)} places lie beyond the end of the log`);
  },
};

/** Events that the log never took in, or whose place was taken away. */
const placesCheck: Check<AuditContext> = {
  name: 'audit-places',
  about: 'that every event has its place in the log, or waits for one',
  run: async function* ({ db }) {
    const ids = AuditEvents(db).collection.find({}, { projection: { _id: 1 }, batchSize: PIECE });
    let piece: string[] = [];
    for await (const { _id } of ids) {
      piece.push(String(_id));
      if (piece.length < PIECE) continue;
      yield* unplaced(db, piece);
      piece = [];
    }
    yield* unplaced(db, piece);
  },
};

/** Looked for twice: while this runs, what waited may get its place. */
async function* unplaced(db: AuditContext['db'], ids: readonly string[]): AsyncGenerator<Finding> {
  const without = async (among: readonly string[]) => {
    const rows = await AuditEntries(db)
      .collection.find({ event: { $in: [...among] } }, { projection: { event: 1 } })
      .toArray();
    const placed = new Set(rows.map((row) => String(row['event'])));
    return among.filter((id) => !placed.has(id));
  };
  const candidates = await without(ids);
  const lost: string[] = [];
  for (const id of candidates) if (!(await AuditPending(db).collection.findOne({ events: id }))) lost.push(id);
  for (const id of await without(lost))
    yield finding(
      'audit-unplaced',
      id,
      `event ${id} has no place in the log and waits for none: it was inserted, or its place was taken away`,
    );
}

interface Noted {
  readonly root: Uint8Array | undefined;
  readonly wrong: Finding | undefined;
  readonly at: Date;
}

async function readCheckpoints({ db, auditLog, config }: AuditContext): Promise<Map<number, Noted>> {
  const { all, origin } = await auditLog.reloadKeys();
  const witnesses = await Promise.all(config.audit.witnesses.map(({ key }) => parseKey(nodePrimitives, key)));
  const rows = AuditCheckpoints(db).collection.find({}, { promoteBuffers: true }).sort({ _id: 1 });
  const noted = new Map<number, Noted>();
  for await (const row of rows)
    noted.set(Number(row._id), await readNote(row as unknown as CheckpointRow, origin, all, witnesses));
  return noted;
}

async function readNote(
  row: CheckpointRow,
  origin: string,
  keys: readonly VerifierKey[],
  witnesses: readonly VerifierKey[],
): Promise<Noted> {
  const name = `checkpoint ${String(row._id)}`;
  const at = row.at instanceof Date ? row.at : new Date(Number.NaN);
  try {
    const checkpoint = await verifyCheckpoint(nodePrimitives, noteOf(row), keys, witnesses);
    const fits =
      checkpoint.origin === origin &&
      checkpoint.size === Number(row._id) &&
      row.root instanceof Uint8Array &&
      equal(checkpoint.root, row.root);
    return {
      root: checkpoint.root,
      at,
      wrong: fits ? undefined : finding('audit-checkpoint', name, `${name} was replaced by another one`),
    };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { root: undefined, at, wrong: finding('audit-checkpoint', name, `${name} does not hold: ${error.message}`) };
  }
}

async function* atCheckpoint(tree: Accumulator, notes: ReadonlyMap<number, Noted>): AsyncGenerator<Finding> {
  const noted = notes.get(tree.size);
  if (!noted?.root || equal(await tree.root(), noted.root)) return;
  const name = `checkpoint ${tree.size}`;
  yield finding('audit-root', name, `the first ${tree.size} events are not those that were signed`);
}

/** Builds every tile again from the leaves and compares it with the stored one once it is full, or the log ends. */
class TileComparison {
  readonly #ctx: AuditContext;
  readonly #levels: { n: number; hashes: Uint8Array[] }[] = [];
  readonly #read = new Map<string, Uint8Array>();

  constructor(ctx: AuditContext) {
    this.#ctx = ctx;
  }

  async leaf(index: number): Promise<Uint8Array | undefined> {
    const tile = await this.#tile({ level: 0, n: Math.floor(index / TILE_WIDTH) });
    const at = (index % TILE_WIDTH) * HASH_LENGTH;
    return tile.length >= at + HASH_LENGTH ? tile.subarray(at, at + HASH_LENGTH) : undefined;
  }

  async *append(leaf: Uint8Array, level = 0): AsyncGenerator<Finding> {
    const row = this.#levels[level] ?? { n: 0, hashes: [] };
    this.#levels[level] = row;
    row.hashes.push(leaf);
    if (level > 0) {
      const at = (row.hashes.length - 1) * HASH_LENGTH;
      const stored = (await this.#tile({ level, n: row.n })).subarray(at, at + HASH_LENGTH);
      const name = tileName({ level, n: row.n });
      if (!equal(stored, leaf))
        yield finding('audit-tile', `tile ${name}`, `tile ${name} is not the sum of those below it`);
    }
    if (row.hashes.length < TILE_WIDTH) return;
    let hashes = row.hashes;
    while (hashes.length > 1)
      hashes = Array.from({ length: hashes.length / 2 }, (_, i) =>
        nodeHash(hashes[2 * i] as Uint8Array, hashes[2 * i + 1] as Uint8Array),
      );
    this.#levels[level] = { n: row.n + 1, hashes: [] };
    yield* this.append(hashes[0] as Uint8Array, level + 1);
  }

  async #tile(at: TileAt): Promise<Uint8Array> {
    const name = tileName(at);
    const known = this.#read.get(name);
    if (known) return known;
    const tile = (await readTiles({ ...this.#ctx.db }, [at])).get(name) ?? new Uint8Array();
    for (const old of this.#read.keys()) if (old.startsWith(`${at.level}/`)) this.#read.delete(old);
    this.#read.set(name, tile);
    return tile;
  }
}

const finding = (kind: string, id: string, says: string): Finding => ({ kind, id, says });

/** What `firebreak fsck` looks at in the audit log. */
export const auditChecks = [keysCheck, logCheck, placesCheck, erasureCheck, cosignatureCheck];
