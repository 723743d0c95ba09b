import { notSupported } from './errors.js';

/** Sets of characters as pcre2pattern(3) has them, in the words of JavaScript's regular expressions. */
type Ranges = readonly (readonly [from: number, to: number])[];

const DIGIT: Ranges = [[0x30, 0x39]];
const UPPER: Ranges = [[0x41, 0x5a]];
const LOWER: Ranges = [[0x61, 0x7a]];
const WORD: Ranges = [...DIGIT, ...UPPER, [0x5f, 0x5f], ...LOWER];
const WHITE: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
];
const HORIZONTAL: Ranges = [
  [0x09, 0x09],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x180e, 0x180e],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
];
export const VERTICAL: Ranges = [
  [0x0a, 0x0d],
  [0x85, 0x85],
  [0x2028, 0x2029],
];
/** By the small letter of their escape; the capital one is all others. */
export const SETS: Readonly<Record<string, Ranges>> = { s: WHITE, h: HORIZONTAL, v: VERTICAL };
export const NAMED_SETS: Readonly<Record<string, Ranges>> = {
  alpha: [...UPPER, ...LOWER],
  lower: LOWER,
  upper: UPPER,
  alnum: [...DIGIT, ...UPPER, ...LOWER],
  ascii: [[0x00, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0x00, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: DIGIT,
  graph: [[0x21, 0x7e]],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: WHITE,
  word: WORD,
  xdigit: [...DIGIT, [0x41, 0x46], [0x61, 0x66]],
};
export const LAST_POINT = 0x10ffff;

export const numbered = (point: number): string => `\\u{${point.toString(16)}}`;

/** For inside square brackets. */
export const within = (ranges: Ranges): string =>
  ranges.map(([from, to]) => `${numbered(from)}-${numbered(to)}`).join('');

/** All others: ranges rise and do not touch. */
export function without(ranges: Ranges): string {
  const edges = [-1, ...ranges.flat(), LAST_POINT + 1];
  const others: [number, number][] = [];
  for (let at = 0; at < edges.length; at += 2) others.push([edges[at]! + 1, edges[at + 1]! - 1]);
  return within(others.filter(([from, to]) => from <= to));
}

export const ANY = `[${within([[0, LAST_POINT]])}]`;
export const NO_BREAK = `[${without([[0x0a, 0x0a]])}]`;

export const refuse = (what: string) => notSupported(`${what} in a regular expression`);

/** Capital and small letters are not the same to them. */
const KNOWS_CASE = /^L[ult]$/;

/** General categories have names of one or two letters; longer ones are scripts, and whatever else Unicode says of a character. */
export function propertyOf([, kind, caret, braced, letter]: RegExpExecArray, ignoresCase: boolean): string {
  const given = (braced ?? letter)!;
  const name = given[0]!.toUpperCase() + given.slice(1).toLowerCase();
  const negated = (kind === 'P') !== (caret === '^');
  if (name === 'Any' && !negated) return ANY;
  const known = name.length <= 2 ? name : `scx=${name}`;
  if ((ignoresCase && KNOWS_CASE.test(name)) || !compiles(`\\p{${known}}`)) throw refuse(`\\p{${given}}`);
  return `\\${negated ? 'P' : 'p'}{${known}}`;
}

function compiles(source: string): boolean {
  try {
    return Boolean(new RegExp(source, 'u'));
  } catch {
    return false;
  }
}
