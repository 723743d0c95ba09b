import { BSONSymbol, Code, type Document, Timestamp } from 'bson';
import { CommandError } from '../errors.js';
import { numberOf } from '../numeric.js';
import { nameOfType } from './arithmetic.js';
import { toText } from './conversions.js';
import { timestampText } from './date-texts.js';
import { isNullish, isNumber } from './values.js';

/** Text expressions, of evaluated operands. Error codes are those of MongoDB's expression.cpp. */
type Apply = (args: readonly unknown[]) => unknown;

/** What MongoDB reads as text where it wants one: numbers and dates too, but no booleans and no ids. */
function coerced(value: unknown): string {
  if (isNullish(value)) return '';
  if (typeof value === 'string') return value;
  if (value instanceof BSONSymbol) return value.value;
  if (value instanceof Code) return String(value.code);
  if (value instanceof Timestamp) return timestampText(value);
  if (isNumber(value) || value instanceof Date) return toText(value);
  throw new CommandError(16007, `can't convert from BSON type ${nameOfType(value)} to String`);
}

function concat(args: readonly unknown[]): unknown {
  let text = '';
  for (const arg of args) {
    if (isNullish(arg)) return null;
    if (typeof arg !== 'string') throw new CommandError(16702, `$concat only supports strings, not ${nameOfType(arg)}`);
    text += arg;
  }
  return text;
}

function split([text, separator]: readonly unknown[]): unknown {
  if (isNullish(text) || isNullish(separator)) return null;
  if (typeof text !== 'string')
    throw new CommandError(
      40085,
      `$split requires an expression that evaluates to a string as a first argument, found: ${nameOfType(text)}`,
    );
  if (typeof separator !== 'string')
    throw new CommandError(
      40086,
      `$split requires an expression that evaluates to a string as a second argument, found: ${nameOfType(separator)}`,
    );
  if (separator === '') throw new CommandError(40087, '$split requires a non-empty separator');
  return text.split(separator);
}

function whole(value: unknown, name: string, notNumber: number, notWhole: number): number {
  const number = numberOf(value);
  if (number === undefined)
    throw new CommandError(notNumber, `${name} must be numeric, is of type ${nameOfType(value)}`);
  if (number !== (number | 0))
    throw new CommandError(notWhole, `${name} is not representable as a 32-bit integral value: ${number}`);
  return number;
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

function long(number: number): number {
  if (!(Math.abs(number) < 2 ** 63)) throw new CommandError(31109, `Can't coerce out of range value ${number} to long`);
  return Math.trunc(number);
}

/** A negative length means the rest. */
function ofBytes([value, from, count]: readonly unknown[]): unknown {
  const bytes = Buffer.from(coerced(value));
  const [start, length] = [numberOf(from), numberOf(count)];
  if (start === undefined)
    throw new CommandError(16034, `$substrBytes: starting index must be numeric, is ${nameOfType(from)}`);
  if (length === undefined)
    throw new CommandError(16035, `$substrBytes: length must be numeric, is ${nameOfType(count)}`);
  const first = long(start);
  if (first < 0) throw new CommandError(50752, `$substrBytes: starting index must be non-negative: ${first}`);
  const many = long(length);
  const end = many < 0 ? bytes.length : Math.min(bytes.length, first + many);
  if (first >= bytes.length) return '';
  if (isContinuation(bytes[first]))
    throw new CommandError(28656, '$substrBytes: Invalid range, starting index is a UTF-8 continuation byte.');
  if (isContinuation(bytes[end]))
    throw new CommandError(28657, '$substrBytes: Invalid range, ending index is in the middle of a UTF-8 character.');
  return bytes.toString('utf8', first, end);
}

function ofCodePoints([value, from, count]: readonly unknown[]): unknown {
  const points = [...coerced(value)];
  const start = whole(from, '$substrCP: starting index', 34450, 34451);
  const length = whole(count, '$substrCP: length', 34452, 34453);
  if (length < 0) throw new CommandError(34454, '$substrCP: length must be a nonnegative integer.');
  if (start < 0) throw new CommandError(34455, '$substrCP: the starting index must be nonnegative.');
  return points.slice(start, start + length).join('');
}

/** Where a text is in another, in bytes or in code points. */
const indexOf =
  (name: string, code: number, length: (text: string) => number, cut: (text: string, end: number) => string): Apply =>
  ([text, wanted, from = 0, to]) => {
    if (isNullish(text)) return null;
    if (typeof text !== 'string')
      throw new CommandError(code, `${name} requires a string as the first argument, found: ${nameOfType(text)}`);
    if (typeof wanted !== 'string')
      throw new CommandError(
        code + 1,
        `${name} requires a string as the second argument, found: ${nameOfType(wanted)}`,
      );
    const bound = (value: unknown) => {
      const number = whole(value, `${name}'s bound`, 40096, 40096);
      if (number < 0) throw new CommandError(40097, `${name} requires a nonnegative bound: ${number}`);
      return number;
    };
    const start = bound(from);
    const searched = to === undefined ? text : cut(text, bound(to));
    if (start > length(searched)) return -1;
    const at = searched.indexOf(wanted, cut(searched, start).length);
    return at < 0 ? -1 : length(searched.slice(0, at));
  };

const bytesOf = (text: string) => Buffer.byteLength(text);
const pointsOf = (text: string) => [...text].length;

const demand = (name: string, code: number, value: unknown): string => {
  if (typeof value !== 'string')
    throw new CommandError(code, `${name} requires a string argument, found: ${nameOfType(value)}`);
  return value;
};

/** Letters beyond ASCII stay as they are. */
const upper = (text: string) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
const lower = (text: string) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

export const TEXTS: Record<string, Apply> = {
  $concat: concat,
  $split: split,
  $substr: ofBytes,
  $substrBytes: ofBytes,
  $substrCP: ofCodePoints,
  $indexOfBytes: indexOf('$indexOfBytes', 40091, bytesOf, (text, end) => Buffer.from(text).toString('utf8', 0, end)),
  $indexOfCP: indexOf('$indexOfCP', 40093, pointsOf, (text, end) => [...text].slice(0, end).join('')),
  $strcasecmp: ([a, b]) => Buffer.compare(Buffer.from(upper(coerced(a))), Buffer.from(upper(coerced(b)))),
};

/** What is cut off where nothing is said (manual, "$trim"). */
const BLANKS = '\0\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a';

/** Of evaluated operands. */
const trim =
  (left: boolean, right: boolean) =>
  (name: string, operands: Document): unknown => {
    const { input, chars = BLANKS } = operands;
    if (isNullish(input)) return null;
    if (typeof input !== 'string')
      throw new CommandError(50699, `${name} requires its input to be a string, got ${nameOfType(input)}`);
    if (chars === null || (Object.hasOwn(operands, 'chars') && operands['chars'] === undefined)) return null;
    if (typeof chars !== 'string')
      throw new CommandError(50700, `${name} requires 'chars' to be a string, got ${nameOfType(chars)}`);
    const [cut, points] = [new Set(chars), [...input]];
    const kept = (point: string) => !cut.has(point);
    const first = left ? points.findIndex(kept) : 0;
    const last = right ? points.findLastIndex(kept) : points.length - 1;
    return first < 0 ? '' : points.slice(first, last + 1).join('');
  };

export const TRIMS: Record<string, (name: string, operands: Document) => unknown> = {
  $trim: trim(true, true),
  $ltrim: trim(true, false),
  $rtrim: trim(false, true),
};

export const UNARY_TEXTS: Record<string, (value: unknown) => unknown> = {
  $toUpper: (value) => upper(coerced(value)),
  $toLower: (value) => lower(coerced(value)),
  $strLenBytes: (value) => bytesOf(demand('$strLenBytes', 34473, value)),
  $strLenCP: (value) => pointsOf(demand('$strLenCP', 34471, value)),
};
