import type { Step } from '../commands.js';
import type { Doc } from '../values.js';

/** Two answers that are not the same. */
export interface Case {
  readonly command: Doc;
  /** As text: what was compared. */
  readonly ours: string;
  readonly theirs: string;
  readonly mine: Doc;
  readonly other: Doc;
  /** Whose transaction it is part of. */
  readonly session: number | undefined;
  /** What was answered before, on which the locks of the engine depend. */
  readonly before: readonly Played[];
}

export interface Played {
  readonly step: Step;
  readonly mine: Doc;
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

export const text = (value: unknown) => JSON.stringify(value) ?? '';
export const saying = (reply: Doc, what: string) => text(reply).includes(what);

export const errorsOf = ({ code, writeErrors = [] }: Doc): number[] =>
  [code, ...(writeErrors as Doc[]).map((one) => one['code'])].filter((one) => one !== undefined).map(Number);

const OF_UPDATES = [2, 9, 14, 28];
const OF_SUBSTR = [16007, 16034, 16035, 28656, 28657, 31109, 34450, 34451, 34452, 34453, 34454, 34455, 50752];

/** From where and to where, and too many between them: of one document the one, of the next the other. */
const OF_RANGE = [2, 34443, 34444, 34445, 34446, 34447, 34448, 34449];

/** How many expressions of a pipeline may fail, with codes above 10,000, 14 or 2; a group has a key and its fields. */
const computing = ({ pipeline = [] }: Doc): number =>
  text(pipeline).match(/"\$(set|addFields|project|replace\w+|lookup|facet|group|sum|push|avg|min|max|first|last)":/g)
    ?.length ?? 0;

/** Whether both may be told of one command, by what is met first. Operators have codes of their own, one after the other. */
export const alike = (a: number, b: number, command: Doc): boolean =>
  a === b ||
  (computing(command) > 1 && [a, b].every((code) => code > 10_000 || code === 14 || code === 2)) ||
  (a > 10_000 && Math.abs(a - b) < 10) ||
  [OF_UPDATES, OF_SUBSTR, OF_RANGE].some((family) => family.includes(a) && family.includes(b));
