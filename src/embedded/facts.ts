import { RANK } from './keys.js';

const PLAIN: ReadonlySet<number> = new Set([RANK.number, RANK.string, RANK.objectId, RANK.boolean, RANK.date]);

/** What a filter says about one path, in a form an index can use. Keys are of keys.ts. */
export interface Fact {
  readonly path: string;
  readonly kind: 'eq' | 'in' | 'range' | 'exists';
  /** For eq and in: the possible keys; never null or an array, which indexes hold differently. */
  readonly keys: readonly Buffer[];
  /** Whether one of the keys is null's, which a missing field matches too. */
  readonly nullable: boolean;
  readonly low?: Bound;
  readonly high?: Bound;
}

/** Longer keys may stand in an index by their beginning. */
const SURE_BYTES = 256;

/** Whether what an index without arrays holds within this fact is what meets it, but for NaN in a range without a lower bound. */
export function isExact({ kind, keys, nullable, low, high }: Fact): boolean {
  if (kind === 'exists' || nullable) return false;
  const bounds = kind === 'range' ? [low?.key, high?.key].filter((key) => key !== undefined) : keys;
  return bounds.every((key) => PLAIN.has(key[0] as number) && key.length <= SURE_BYTES);
}

export interface Bound {
  readonly key: Buffer;
  readonly inclusive: boolean;
}
