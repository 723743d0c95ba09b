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
export interface Bound {
  readonly key: Buffer;
  readonly inclusive: boolean;
}
