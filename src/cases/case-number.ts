import { randomBytes } from '../kernel/ids.js';

/** Crockford's base 32: no I, L, O, U, which are misread or misheard. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DATA_LETTERS = 8; // 40 bits: at a million cases one new number in a million is taken, and is drawn again

/** Powers of 2 in GF(32), modulo x^5 + x^2 + 1; 31 different ones before they repeat. */
const POWERS = Array.from({ length: DATA_LETTERS + 1 }).reduce<number[]>((powers, _, index) => {
  const doubled = (powers[index - 1] ?? 0) << 1;
  powers.push(index === 0 ? 1 : doubled & 32 ? doubled ^ 0b100101 : doubled);
  return powers;
}, []);

function times(a: number, b: number): number {
  let product = 0;
  for (let shifted = a, rest = b; rest > 0; rest >>= 1) {
    if (rest & 1) product ^= shifted;
    shifted = shifted & 16 ? (shifted << 1) ^ 0b100101 : shifted << 1;
  }
  return product;
}

/**
 * The check character of eight letters: a Reed-Solomon symbol over GF(32). All positions have different weights and no
 * weight is zero, so any one wrong letter and any two swapped ones, neighbours or not, the check character itself
 * included, are found, and it stays inside the same 32 letters.
 */
export function checkLetter(data: string): string {
  const sum = [...data].reduce(
    (total, letter, index) => total ^ times(POWERS[index + 1] ?? 0, LETTERS.indexOf(letter)),
    0,
  );
  return LETTERS[sum] as string;
}

/** Draws a case number, `FB-XXXX-XXXX-C`. Not a secret, and says nothing about how many cases there are. */
export function newCaseNumber(): string {
  const data = [...randomBytes(DATA_LETTERS)].map((byte) => LETTERS[byte & 31]).join('');
  return write(data + checkLetter(data));
}

/** What is neither ASCII nor a dash or blank: some of it (dotless i, long s) turns into our letters in upper case. */
const OTHER_SCRIPTS = /[^\x21-\x7e\s\p{Pd}]/u;

/**
 * Reads a case number as people write and say it: lower case, l, i, o, missing or other dashes, blanks, without FB.
 * @returns the one true spelling, or null for what is not a case number or has a slip in it
 */
export function readCaseNumber(text: string): string | null {
  if (text.length > 40 || OTHER_SCRIPTS.test(text)) return null;
  const letters = text
    .toUpperCase()
    .replace(/[\s\p{Pd}]+/gu, '')
    .replace(/^FB(?=.{9}$)/, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{9}$/.test(letters)) return null;
  return checkLetter(letters.slice(0, DATA_LETTERS)) === letters.at(-1) ? write(letters) : null;
}

const write = (letters: string): string => `FB-${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
