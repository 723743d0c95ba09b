import type { Document } from 'bson';
import type { Pace } from '../pace.js';
import type { View } from '../view.js';

/** What a pipeline runs in. */
export interface Scope {
  readonly view: View;
  readonly db: string;
  /** What `let` has bound: evaluated already. */
  readonly variables: Document;
  /** How many pipelines are around this one. */
  readonly depth: number;
  readonly pipelines: Pipelines;
  /** Bounds the time of all of it; none for what is done within a write. */
  readonly pace?: Pace | undefined;
}

/** How stages that have pipelines of their own run those. */
export interface Pipelines {
  /** @throws CommandError for stages nobody knows, and for those that a pipeline may not have there */
  check(stages: readonly Document[]): void;
  /** Over a collection. */
  run(scope: Scope, ns: string, stages: readonly Document[]): Iterable<Buffer>;
  /** Over documents that are there. */
  stages(scope: Scope, documents: Iterable<Buffer>, stages: readonly Document[]): Iterable<Buffer>;
}

/** From documents to documents, as bytes, so that every value keeps its type. */
export type Stage = (documents: Iterable<Buffer>, operand: unknown, scope: Scope) => Iterable<Buffer>;
