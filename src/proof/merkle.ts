import { concat, equal } from './bytes.js';
import type { Primitives } from './primitives.js';

/** Bytes of every hash here. */
export const HASH_LENGTH = 32;

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

type Sha256 = Pick<Primitives, 'sha256'>;

/** SHA-256(0x00 || entry). Source: RFC 9162, section 2.1.1 */
export const hashLeaf = ({ sha256 }: Sha256, entry: Uint8Array) => sha256(concat(LEAF, entry));

/** SHA-256(0x01 || left || right). Source: RFC 9162, section 2.1.1 */
export const hashNode = ({ sha256 }: Sha256, left: Uint8Array, right: Uint8Array) => sha256(concat(NODE, left, right));

/** The root of a tree without leaves. */
export const emptyRoot = ({ sha256 }: Sha256) => sha256(new Uint8Array());

const isHash = (bytes: Uint8Array): boolean => bytes.length === HASH_LENGTH;
const isSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 0;
const half = (n: number): number => Math.floor(n / 2); // sizes outgrow 32 bits
const odd = (n: number): boolean => n % 2 === 1;

/** Whether `proof` leads from the leaf at `index` to the root of a tree of `size` leaves. Source: RFC 9162, section 2.1.3.2 */
export async function verifyInclusion(
  primitives: Sha256,
  given: { index: number; size: number; leaf: Uint8Array; proof: readonly Uint8Array[]; root: Uint8Array },
): Promise<boolean> {
  const { index, size, leaf, proof, root } = given;
  if (!isSize(index) || !isSize(size) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (odd(fn) || fn === sn) {
      hash = await hashNode(primitives, sibling, hash);
      while (!odd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else hash = await hashNode(primitives, hash, sibling);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equal(hash, root);
}

/** Whether the tree of `second` leaves begins with the tree of `first`. Source: RFC 9162, section 2.1.4.2 */
export async function verifyConsistency(
  primitives: Sha256,
  given: { first: number; second: number; firstRoot: Uint8Array; secondRoot: Uint8Array; proof: readonly Uint8Array[] },
): Promise<boolean> {
  const { first, second, firstRoot, secondRoot, proof } = given;
  if (!isSize(first) || !isSize(second) || first > second) return false;
  if (first === second) return proof.length === 0 && equal(firstRoot, secondRoot);
  if (first === 0) return proof.length === 0;
  if (![firstRoot, secondRoot, ...proof].every(isHash)) return false;
  const path = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof;
  const [start, ...rest] = path;
  if (start === undefined || proof.length === 0) return false;
  let [fn, sn] = [first - 1, second - 1];
  while (odd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [one, two] = [start, start];
  for (const hash of rest) {
    if (sn === 0) return false;
    if (odd(fn) || fn === sn) {
      one = await hashNode(primitives, hash, one);
      two = await hashNode(primitives, hash, two);
      while (!odd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else two = await hashNode(primitives, two, hash);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equal(one, firstRoot) && equal(two, secondRoot);
}

function isPowerOfTwo(n: number): boolean {
  let rest = n;
  while (rest > 1 && !odd(rest)) rest = half(rest);
  return rest === 1;
}

/** Adds up a tree leaf by leaf in the memory of its height: the roots of the full subtrees so far, largest first. */
export class Accumulator {
  readonly #primitives: Sha256;
  readonly #peaks: Uint8Array[] = [];
  #size = 0;

  constructor(primitives: Sha256) {
    this.#primitives = primitives;
  }

  get size(): number {
    return this.#size;
  }

  async append(leaf: Uint8Array): Promise<void> {
    let hash = leaf;
    for (let n = this.#size; odd(n); n = half(n)) {
      const joined = hashNode(this.#primitives, this.#peaks.pop() as Uint8Array, hash);
      hash = joined instanceof Promise ? await joined : joined; // a million leaves: no turn of the loop without need
    }
    this.#peaks.push(hash);
    this.#size += 1;
  }

  async root(): Promise<Uint8Array> {
    const [last, ...others] = this.#peaks.toReversed();
    let hash = last ?? (await emptyRoot(this.#primitives));
    for (const peak of others) hash = await hashNode(this.#primitives, peak, hash);
    return hash;
  }
}
