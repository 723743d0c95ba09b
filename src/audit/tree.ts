import type { Where } from '../kernel/mongo.js';
import { emptyRoot } from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';
import { readTiles } from './log-store.js';
import { consistencyPath, inclusionPath, type Range, rangeRoot, type TileAt, type Tiles, tilesFor } from './tiles.js';

export type ReadTiles = (wanted: readonly TileAt[]) => Promise<Tiles>;

/** The tree as its tiles have it: roots and proofs in one read of as many tiles as the tree is high. */
export interface Tree {
  /** @throws LogDamaged */
  root(size: number): Promise<Uint8Array>;
  /** Source: RFC 9162, section 2.1.3.1. @throws LogDamaged · RangeError */
  inclusion(index: number, size: number): Promise<Uint8Array[]>;
  /** Source: RFC 9162, section 2.1.4.1. @throws LogDamaged · RangeError */
  consistency(first: number, second: number): Promise<Uint8Array[]>;
}

export function treeOf(where: Where, read: ReadTiles = (wanted) => readTiles(where, wanted)): Tree {
  const roots = async (ranges: readonly Range[]) => {
    const tiles = await read(tilesFor(ranges));
    return ranges.map((range) => rangeRoot(tiles, range));
  };
  return {
    root: async (size) => {
      if (size === 0) return emptyRoot(nodePrimitives);
      const [root] = await roots([{ start: 0, end: size }]);
      return root as Uint8Array;
    },
    inclusion: async (index, size) => {
      if (!(index >= 0 && index < size)) throw new RangeError('no such leaf');
      return roots(inclusionPath(index, { start: 0, end: size }));
    },
    consistency: async (first, second) => {
      if (!(first >= 0 && first <= second)) throw new RangeError('no such tree');
      return roots(consistencyPath(first, { start: 0, end: second }));
    },
  };
}
