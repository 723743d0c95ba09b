import type { Doc } from './values.js';

/** Two answers that are not the same. */
export interface Case {
  readonly command: Doc;
  /** As text: what was compared. */
  readonly ours: string;
  readonly theirs: string;
  readonly mine: Doc;
  readonly other: Doc;
  readonly inTransaction: boolean;
}

/**
 * Where the engine and the embedded store may answer differently, and why. The engine is DocumentDB behind a gateway, which
 * has faults of its own; where it departs from MongoDB's documented behaviour, that behaviour is what the store has.
 */
export interface Departure {
  readonly name: string;
  readonly reason: string;
  /** Whether nothing was written, so that the two stores still have the same contents. */
  readonly reads?: boolean;
  readonly test: (found: Case) => boolean;
}

export const DEPARTURES: readonly Departure[] = [];

export function departureOf(found: Case): Departure | undefined {
  return DEPARTURES.find(({ test }) => test(found));
}
