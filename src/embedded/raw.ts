import { BSONError } from 'bson';

/** BSON element type bytes (bsonspec.org). */
export const TYPE = {
  missing: 0,
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binary: 5,
  undefined: 6,
  objectId: 7,
  boolean: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  code: 13,
  symbol: 14,
  codeWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  maxKey: 127,
  minKey: 255,
} as const;

/** One value inside a BSON buffer: its type byte and where its bytes begin. Nothing is parsed before it is asked for. */
export interface Value {
  readonly buf: Buffer;
  readonly type: number;
  readonly at: number;
}

/** MongoDB refuses deeper documents too; it also keeps every recursion below far from the stack's end. */
export const MAX_DEPTH = 180;
/** MongoDB's limits, in bytes. */
export const MAX_DOCUMENT = 16 * 1024 * 1024;
export const MAX_MESSAGE = 48_000_000;

export const MISSING: Value = { buf: Buffer.alloc(0), type: TYPE.missing, at: 0 };

/** Bytes that a value takes; assumes a buffer that `validate` has passed. */
export function sizeOf(buf: Buffer, type: number, at: number): number {
  switch (type) {
    case TYPE.double:
    case TYPE.date:
    case TYPE.timestamp:
    case TYPE.long:
      return 8;
    case TYPE.string:
    case TYPE.code:
    case TYPE.symbol:
      return 4 + buf.readInt32LE(at);
    case TYPE.object:
    case TYPE.array:
    case TYPE.codeWithScope:
      return buf.readInt32LE(at);
    case TYPE.binary:
      return 5 + buf.readInt32LE(at);
    case TYPE.undefined:
    case TYPE.null:
    case TYPE.minKey:
    case TYPE.maxKey:
      return 0;
    case TYPE.objectId:
      return 12;
    case TYPE.boolean:
      return 1;
    case TYPE.regex: {
      const second = buf.indexOf(0, at) + 1;
      return buf.indexOf(0, second) + 1 - at;
    }
    case TYPE.dbPointer:
      return 4 + buf.readInt32LE(at) + 12;
    case TYPE.int:
      return 4;
    case TYPE.decimal:
      return 16;
    default:
      throw new BSONError(`unknown BSON type ${type}`);
  }
}

/** Calls `visit` for each element of the object or array at `at`; stops and returns true when `visit` returns true. */
export function eachElement(
  buf: Buffer,
  at: number,
  visit: (type: number, nameAt: number, nameEnd: number, valueAt: number) => boolean,
): boolean {
  let p = at + 4;
  for (;;) {
    const type = buf[p]!;
    if (type === 0) return false;
    const nameAt = p + 1;
    let nameEnd = nameAt;
    while (buf[nameEnd] !== 0) nameEnd++;
    const valueAt = nameEnd + 1;
    if (visit(type, nameAt, nameEnd, valueAt)) return true;
    p = valueAt + sizeOf(buf, type, valueAt);
  }
}

/** The element called `name` in the object at `at`, or undefined. */
export function field(buf: Buffer, at: number, name: Buffer): Value | undefined {
  const length = name.length;
  let p = at + 4;
  for (;;) {
    const type = buf[p]!;
    if (type === 0) return undefined;
    p++;
    let i = 0;
    while (i < length && buf[p + i] === name[i]) i++;
    const same = i === length && buf[p + i] === 0;
    p += i;
    while (buf[p] !== 0) p++;
    p++;
    if (same) return { buf, type, at: p };
    p += sizeOf(buf, type, p);
  }
}

/** The bytes of an embedded document or array. */
export function slice(value: Value): Buffer {
  return value.buf.subarray(value.at, value.at + sizeOf(value.buf, value.type, value.at));
}

/**
 * Checks that bytes from outside are one well-formed BSON document, so that everything else may walk them unguarded.
 *
 * @throws BSONError on wrong lengths, unknown types, missing terminators, or nesting beyond MAX_DEPTH
 */
export function validate(buf: Buffer, at = 0, end = buf.length, depth = 0): void {
  if (depth > MAX_DEPTH) throw new BSONError(`nested deeper than ${MAX_DEPTH} levels`);
  if (end - at < 5 || buf.readInt32LE(at) !== end - at || buf[end - 1] !== 0) {
    throw new BSONError('document length does not match');
  }
  let p = at + 4;
  while (p < end - 1) {
    const type = buf[p]!;
    p++;
    while (p < end && buf[p] !== 0) p++; // names are short: quicker than a call into the engine
    if (p >= end - 1) throw new BSONError('element name is not terminated');
    p++;
    p += checkedSize(buf, type, p, end - 1, depth);
    if (p > end - 1) throw new BSONError('element reaches beyond its document');
  }
}

function checkedSize(buf: Buffer, type: number, at: number, end: number, depth: number): number {
  switch (type) {
    case TYPE.string:
    case TYPE.code:
    case TYPE.symbol:
      return lengthOfString(buf, at, end);
    case TYPE.object:
    case TYPE.array: {
      const length = at + 4 <= end ? buf.readInt32LE(at) : -1;
      if (length < 5 || at + length > end) throw new BSONError('embedded document reaches beyond its parent');
      validate(buf, at, at + length, depth + 1);
      return length;
    }
    case TYPE.binary: {
      const length = at + 5 <= end ? buf.readInt32LE(at) : -1;
      if (length < 0 || at + 5 + length > end) throw new BSONError('binary reaches beyond its document');
      return 5 + length;
    }
    case TYPE.regex: {
      const first = buf.indexOf(0, at);
      const second = first < 0 ? -1 : buf.indexOf(0, first + 1);
      if (second < 0 || second >= end) throw new BSONError('regular expression is not terminated');
      return second + 1 - at;
    }
    case TYPE.dbPointer:
      return lengthOfString(buf, at, end) + 12;
    case TYPE.codeWithScope: {
      const length = at + 4 <= end ? buf.readInt32LE(at) : -1;
      if (length < 14 || at + length > end) throw new BSONError('code with scope reaches beyond its document');
      const code = lengthOfString(buf, at + 4, at + length);
      validate(buf, at + 4 + code, at + length, depth + 1);
      return length;
    }
    case TYPE.boolean:
      if (at < end && buf[at]! > 1) throw new BSONError('boolean is neither 0 nor 1');
      return 1;
    default:
      return sizeOf(buf, type, at);
  }
}

function lengthOfString(buf: Buffer, at: number, end: number): number {
  const length = at + 4 <= end ? buf.readInt32LE(at) : -1;
  if (length < 1 || at + 4 + length > end || buf[at + 3 + length] !== 0) throw new BSONError('string length is wrong');
  return 4 + length;
}
