import type { Db } from '../kernel/mongo.js';
import { toBase64 } from '../proof/index.js';
import { AuditEntries, readTiles } from './log-store.js';
import { AuditEvents, AuditOpenings, eventsWithin } from './store.js';
import { TILE_WIDTH, type TileAt, type Tiles, tileName } from './tiles.js';
import type { ReadTiles } from './tree.js';
import type { EventRow, Opening, OpeningsRow } from './words.js';

/** Events that are read at once. */
const PIECE = 500;

/** An event at its place; without a row when the store has lost it. */
export interface Placed {
  readonly index: number;
  readonly id: string;
  readonly row: EventRow | undefined;
  readonly bytes: Uint8Array | undefined;
  readonly openings: readonly Opening[];
}

/** Which events a bundle is about, when it is not all of them. */
export interface Selection {
  readonly caseId?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

/** The places of the events of a selection, ascending, below `size`. Eight bytes for each are in memory, and no more. */
export async function placesOf(db: Db, { caseId, from, to }: Selection, size: number): Promise<Float64Array> {
  const filter = { ...(caseId !== undefined && { caseId }), ...eventsWithin(from, to) };
  const ids = AuditEvents(db).collection.find(filter as never, { projection: { _id: 1 }, batchSize: PIECE });
  let places = new Float64Array(1_024);
  let count = 0;
  for await (const piece of inPieces(ids, ({ _id }) => String(_id))) {
    const entries = await AuditEntries(db)
      .collection.find({ event: { $in: piece } })
      .toArray();
    for (const { _id } of entries) {
      if (Number(_id) >= size) continue;
      if (count === places.length) {
        const longer = new Float64Array(count * 2);
        longer.set(places);
        places = longer;
      }
      places[count] = Number(_id);
      count += 1;
    }
  }
  return places.subarray(0, count).sort();
}

/** The events at these places, or at all below `size`, in the order of the log. */
export async function* eventsAt(
  db: Db,
  places: Float64Array | { readonly size: number },
  withOpenings: boolean,
): AsyncGenerator<Placed> {
  const count = 'size' in places ? places.size : places.length;
  for (let start = 0; start < count; start += PIECE) {
    const end = Math.min(start + PIECE, count);
    const wanted = 'size' in places ? range(start, end) : Array.from(places.subarray(start, end));
    yield* await readPiece(db, wanted, withOpenings);
  }
}

async function readPiece(db: Db, wanted: readonly number[], withOpenings: boolean): Promise<Placed[]> {
  const entries = await AuditEntries(db)
    .collection.find({ _id: { $in: wanted as never[] } })
    .toArray();
  const idAt = new Map(entries.map((entry) => [Number(entry._id), String(entry['event'])]));
  const ids = [...idAt.values()];
  const rows = await readRows<EventRow>(AuditEvents(db).collection, ids);
  const openings = withOpenings ? await readRows<OpeningsRow>(AuditOpenings(db).collection, ids) : new Map();
  return wanted.map((index) => {
    const id = idAt.get(index) ?? '';
    const row = rows.get(id);
    const bytes = row?.bytes;
    return {
      index,
      id,
      row,
      bytes: bytes instanceof Uint8Array ? bytes : undefined,
      openings: (openings.get(id) as OpeningsRow | undefined)?.openings ?? [],
    };
  });
}

async function readRows<T extends { _id: string }>(
  collection: { find(filter: never, options: object): { toArray(): Promise<unknown[]> } },
  ids: readonly string[],
): Promise<Map<string, T>> {
  const rows = (await collection
    .find({ _id: { $in: ids } } as never, { promoteBuffers: true })
    .toArray()) as unknown as T[];
  return new Map(rows.map((row) => [row._id, row]));
}

export const openingLine = ({ field, salt, value }: Opening) => ({ field, salt: toBase64(salt), value });

/** Keeps the full tiles it has read, the last few hundred: neighbours in the log share all of theirs. */
export function keepingTiles(db: Db): ReadTiles {
  const kept = new Map<string, Uint8Array>();
  return async (wanted: readonly TileAt[]): Promise<Tiles> => {
    const missing = wanted.filter((tile) => !kept.has(tileName(tile)));
    if (missing.length > 0) for (const [name, hashes] of await readTiles(db, missing)) kept.set(name, hashes);
    const tiles = new Map(
      wanted.flatMap((tile): [string, Uint8Array][] => {
        const hashes = kept.get(tileName(tile));
        return hashes ? [[tileName(tile), hashes]] : [];
      }),
    );
    while (kept.size > TILE_WIDTH) kept.delete(kept.keys().next().value as string);
    return tiles;
  };
}

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, n) => start + n);

async function* inPieces<T, U>(items: AsyncIterable<T>, map: (item: T) => U): AsyncGenerator<U[]> {
  let piece: U[] = [];
  for await (const item of items) {
    piece.push(map(item));
    if (piece.length < PIECE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
