import type { Cursor } from './regex-cursor.js';
import { LAST_POINT, NAMED_SETS, numbered, propertyOf, refuse, SETS, within, without } from './regex-sets.js';

/** One character, or a set of them; a range may begin and end with `single` ones only. */
export interface Atom {
  readonly text: string;
  readonly single: boolean;
}

const CHARACTERS: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, f: 12, r: 13, e: 27 };

/** Every literal that is no letter or digit is written by its number: then it means nothing else anywhere. */
export const literal = (character: string): string =>
  /^[A-Za-z0-9]$/.test(character) ? character : numbered(character.codePointAt(0)!);

function single(point: number): Atom {
  if (point > LAST_POINT || (point >= 0xd800 && point <= 0xdfff)) throw new Error('no such character');
  return { text: literal(String.fromCodePoint(point)), single: true };
}

/** What follows a backslash and means the same in square brackets and outside. */
export function escaped(cursor: Cursor, ignoresCase: boolean): Atom {
  const hex = cursor.take(/x\{([0-9A-Fa-f]+)\}|x(?!\{)([0-9A-Fa-f]{0,2})/y);
  if (hex) return single(Number.parseInt(hex[1] ?? (hex[2] || '0'), 16));
  const octal = cursor.take(/o\{([0-7]+)\}|([0-7]{1,3})/y);
  if (octal) return single(Number.parseInt(octal[1] ?? octal[2]!, 8));
  const property = cursor.take(/([pP])(?:\{(\^?)([\w&]+)\}|([A-Za-z]))/y);
  if (property) return { text: propertyOf(property, ignoresCase), single: false };
  const control = cursor.take(/c([\x20-\x7e])/y);
  if (control) return single(control[1]!.toUpperCase().charCodeAt(0) ^ 64);
  const same = cursor.take(/[dDwW]/y); // as JavaScript has them
  if (same) return { text: `\\${same[0]}`, single: false };
  const character = cursor.next();
  const small = character.toLowerCase();
  if (Object.hasOwn(SETS, small)) {
    const set = SETS[small]!;
    return { text: `[${small === character ? within(set) : without(set)}]`, single: false };
  }
  if (Object.hasOwn(CHARACTERS, character)) return single(CHARACTERS[character]!);
  if (/[KGXCgk]/.test(character)) throw refuse(`\\${character}`);
  if (/[A-Za-z0-9]/.test(character)) throw new Error(`\\${character} means nothing`);
  return single(character.codePointAt(0)!);
}

/** A set in square brackets, the first of which is read. */
export function brackets(cursor: Cursor, ignoresCase: boolean): string {
  if (cursor.sees(/([:.=])[^\]]*\1\]/y)) throw new Error('a set that stands by itself');
  const negated = cursor.take(/\^/y) ? '^' : '';
  let out = '';
  for (let first = true; first || !cursor.take(/\]/y); first = false) {
    const from = inBrackets(cursor, ignoresCase);
    const to = cursor.take(/-(?!\])/y) ? inBrackets(cursor, ignoresCase) : undefined;
    if (to && !(from.single && to.single)) throw new Error('a range from or to a set');
    out += to ? `${from.text}-${to.text}` : from.text;
  }
  return `[${negated}${out}]`;
}

/** Sets come without their own brackets. */
function inBrackets(cursor: Cursor, ignoresCase: boolean): Atom {
  const named = cursor.take(/\[:(\^?)(\w+):\]/y);
  if (named) return { text: namedSet(named, ignoresCase), single: false };
  if (cursor.sees(/\[([:.=]).*?\1\]/sy)) throw refuse('such a set');
  const character = cursor.next();
  if (character !== '\\') return { text: literal(character), single: true };
  if (cursor.take(/b/y)) return single(8);
  const digit = cursor.take(/[89]/y);
  if (digit) return { text: digit[0], single: true };
  if (cursor.sees(/[QE]/y)) throw refuse('\\Q or \\E in square brackets');
  const atom = escaped(cursor, ignoresCase);
  return atom.text[0] === '[' ? { ...atom, text: atom.text.slice(1, -1) } : atom;
}

function namedSet([whole, negated, name = '']: RegExpExecArray, ignoresCase: boolean): string {
  if (!Object.hasOwn(NAMED_SETS, name)) throw new Error('no such set');
  const set = NAMED_SETS[name]!;
  if (!negated) return within(set);
  if (ignoresCase && set.some(([from]) => from >= 0x41)) throw refuse(`${whole} whatever the case`);
  return without(set);
}
