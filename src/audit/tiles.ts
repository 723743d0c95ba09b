import { HASH_LENGTH } from '../proof/index.js';
import { nodeHash } from './leaf-hash.js';

/** Hashes in a full tile; a tile spans 8 levels of the tree. Source: c2sp.org/tlog-tiles, Merkle Tree */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;

/** One tile: `level` 0 holds leaf hashes, each higher one the roots of full tiles below it. */
export interface TileAt {
  readonly level: number;
  readonly n: number;
}

export const tileName = ({ level, n }: TileAt): string => `${level}/${n}`;

/** Tiles that have been read, by name. */
export type Tiles = ReadonlyMap<string, Uint8Array>;

/** The tree cannot be what was signed: a tile is missing or too short. */
export class LogDamaged extends Error {
  override readonly name = 'LogDamaged';
}

/** Leaves from `start` on, up to `end`: one subtree of the RFC's recursion, full or at the right edge. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Largest power of two below `n`, for `n` of 2 or more. */
function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The subtrees whose roots lead from a leaf to the root, from below. Source: RFC 9162, section 2.1.3.1 */
export function inclusionPath(index: number, { start, end }: Range): Range[] {
  if (end - start <= 1) return [];
  const middle = start + split(end - start);
  return index < middle
    ? [...inclusionPath(index, { start, end: middle }), { start: middle, end }]
    : [...inclusionPath(index, { start: middle, end }), { start, end: middle }];
}

/** The subtrees that show that the first `first` leaves are still what they were. Source: RFC 9162, section 2.1.4.1 */
export function consistencyPath(first: number, { start, end }: Range, known = true): Range[] {
  if (first === 0) return [];
  if (first === end - start) return known ? [] : [{ start, end }];
  const k = split(end - start);
  const middle = start + k;
  return first <= k
    ? [...consistencyPath(first, { start, end: middle }, known), { start: middle, end }]
    : [...consistencyPath(first - k, { start: middle, end }, false), { start, end: middle }];
}

/** A full subtree of 2^height leaves, as the hashes of one tile that it is the root of. */
interface Part extends TileAt {
  readonly offset: number;
  readonly count: number;
}

/** A range as full subtrees, left to right, largest first. */
function partsOf({ start, end }: Range): Part[] {
  const parts: Part[] = [];
  for (let at = start; at < end; ) {
    let height = 0;
    while (2 ** (height + 1) <= end - at) height += 1;
    const level = Math.floor(height / TILE_HEIGHT);
    const first = at / 2 ** (level * TILE_HEIGHT);
    parts.push({
      level,
      n: Math.floor(first / TILE_WIDTH),
      offset: first % TILE_WIDTH,
      count: 2 ** (height % TILE_HEIGHT),
    });
    at += 2 ** height;
  }
  return parts;
}

/** Which tiles hold what these ranges add up to; a number that grows with the height of the tree. */
export function tilesFor(ranges: readonly Range[]): TileAt[] {
  const tiles = new Map<string, TileAt>();
  for (const { level, n } of ranges.flatMap(partsOf)) tiles.set(tileName({ level, n }), { level, n });
  return [...tiles.values()];
}

/** The root of one range. @throws LogDamaged */
export function rangeRoot(tiles: Tiles, range: Range): Uint8Array {
  const [last, ...others] = partsOf(range)
    .map((part) => partRoot(tiles, part))
    .toReversed();
  if (last === undefined) throw new RangeError('an empty range has no root');
  return others.reduce((hash, left) => nodeHash(left, hash), last);
}

function partRoot(tiles: Tiles, part: Part): Uint8Array {
  const tile = tiles.get(tileName(part));
  if (tile === undefined || tile.length < (part.offset + part.count) * HASH_LENGTH)
    throw new LogDamaged(`tile ${tileName(part)} is missing or too short`);
  return fold(tile, part.offset, part.count);
}

/** The root over `count` hashes of a tile, a power of two. */
function fold(tile: Uint8Array, offset: number, count: number): Uint8Array {
  let row = Array.from({ length: count }, (_, i) =>
    tile.subarray((offset + i) * HASH_LENGTH, (offset + i + 1) * HASH_LENGTH),
  );
  while (row.length > 1)
    row = Array.from({ length: row.length / 2 }, (_, i) =>
      nodeHash(row[2 * i] as Uint8Array, row[2 * i + 1] as Uint8Array),
    );
  return row[0] as Uint8Array;
}

/** The partial tiles at the right edge of a tree, which the next leaf lengthens. */
export function edgeOf(size: number): (TileAt & { width: number })[] {
  const edge: (TileAt & { width: number })[] = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH;
    if (width > 0) edge.push({ level, n: Math.floor(count / TILE_WIDTH), width });
  }
  return edge;
}

/**
 * Lengthens a tree of `size` leaves.
 *
 * @param tiles  those of `edgeOf(size)`; what they hold beyond `size` is not looked at
 * @returns the tiles that change, each from its beginning
 * @throws LogDamaged
 */
export function lengthen(tiles: Tiles, size: number, leaves: readonly Uint8Array[]): Map<string, Uint8Array> {
  const changed = new Map<string, Uint8Array>();
  let added = leaves;
  for (let level = 0, count = size; added.length > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    const above: Uint8Array[] = [];
    let n = Math.floor(count / TILE_WIDTH);
    let width = count % TILE_WIDTH;
    let tile = beginning(tiles, { level, n }, width);
    for (const hash of added) {
      tile.set(hash, width * HASH_LENGTH);
      width += 1;
      changed.set(tileName({ level, n }), tile.subarray(0, width * HASH_LENGTH));
      if (width < TILE_WIDTH) continue;
      above.push(fold(tile, 0, TILE_WIDTH));
      n += 1;
      width = 0;
      tile = new Uint8Array(TILE_WIDTH * HASH_LENGTH);
    }
    added = above;
  }
  return changed;
}

function beginning(tiles: Tiles, at: TileAt, width: number): Uint8Array {
  const whole = new Uint8Array(TILE_WIDTH * HASH_LENGTH);
  if (width === 0) return whole;
  const kept = tiles.get(tileName(at));
  if (kept === undefined || kept.length < width * HASH_LENGTH)
    throw new LogDamaged(`tile ${tileName(at)} is missing or too short`);
  whole.set(kept.subarray(0, width * HASH_LENGTH));
  return whole;
}
