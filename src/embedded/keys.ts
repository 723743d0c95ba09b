import { createHash } from 'node:crypto';
import { serialize } from 'bson';
import { floorOfDecimal, floorOfLong, NUMBER_KEY_BYTES, writeDouble } from './numbers.js';
import { eachElement, MISSING, sizeOf, TYPE, type Value } from './raw.js';

/**
 * Order-preserving bytes for BSON values: comparing two keys byte by byte gives MongoDB's comparison order, across all
 * types. This one function is behind indexes, sorting, equality and ranges. Source: MongoDB manual, "Comparison/Sort
 * Order"; numbers see numbers.ts.
 */

/** First byte of a key: the place of a type in MongoDB's order. */
export const RANK = {
  minKey: 0x02,
  undefined: 0x04,
  null: 0x06,
  number: 0x0a,
  string: 0x0f,
  object: 0x14,
  array: 0x19,
  binary: 0x1e,
  objectId: 0x23,
  boolean: 0x28,
  date: 0x2d,
  timestamp: 0x2f,
  regex: 0x32,
  dbPointer: 0x37,
  code: 0x3c,
  codeWithScope: 0x41,
  maxKey: 0x7f,
} as const;

/** Longest key of one index entry or _id; longer ones keep their beginning and end in a SHA-256 (lmdb takes 1978 bytes). */
export const MAX_KEY = 940;
const DIGEST_BYTES = 32;

let out = Buffer.allocUnsafe(64 * 1024);
let pos = 0;

function need(bytes: number): void {
  if (pos + bytes <= out.length) return;
  const bigger = Buffer.allocUnsafe(Math.max(out.length * 2, pos + bytes));
  out.copy(bigger, 0, 0, pos);
  out = bigger;
}

function bytesOf(buf: Buffer, from: number, to: number): void {
  need(to - from);
  buf.copy(out, pos, from, to);
  pos += to - from;
}

/** Text ends with 00 01; a zero byte inside is 00 FF, so that no text is the beginning of another's key. */
function text(buf: Buffer, from: number, to: number): void {
  let start = from;
  for (;;) {
    const zero = buf.indexOf(0, start);
    if (zero < 0 || zero >= to) break;
    bytesOf(buf, start, zero + 1);
    need(1);
    out[pos++] = 0xff;
    start = zero + 1;
  }
  bytesOf(buf, start, to);
  need(2);
  out[pos++] = 0;
  out[pos++] = 1;
}

function number(double: number, digits?: Buffer): void {
  writeDouble(out, pos, double);
  pos += NUMBER_KEY_BYTES;
  const exact = digits === undefined || digits.length === 0;
  out[pos - 1] = exact ? 0 : 1;
  if (!exact) bytesOf(digits, 0, digits.length);
}

function signed64(buf: Buffer, at: number): void {
  for (let i = 0; i < 8; i++) out[pos + i] = buf[at + 7 - i]!;
  out[pos] = out[pos]! ^ 0x80;
  pos += 8;
}

/** Rank of a type in the order; every numeric type has one. */
export function rankOf(type: number): number {
  return RANKS[type] ?? RANK.maxKey;
}

const RANKS: number[] = [];
RANKS[TYPE.missing] = RANK.null;
RANKS[TYPE.double] = RANKS[TYPE.int] = RANKS[TYPE.long] = RANKS[TYPE.decimal] = RANK.number;
RANKS[TYPE.string] = RANKS[TYPE.symbol] = RANK.string;
RANKS[TYPE.object] = RANK.object;
RANKS[TYPE.array] = RANK.array;
RANKS[TYPE.binary] = RANK.binary;
RANKS[TYPE.undefined] = RANK.undefined;
RANKS[TYPE.objectId] = RANK.objectId;
RANKS[TYPE.boolean] = RANK.boolean;
RANKS[TYPE.date] = RANK.date;
RANKS[TYPE.null] = RANK.null;
RANKS[TYPE.regex] = RANK.regex;
RANKS[TYPE.dbPointer] = RANK.dbPointer;
RANKS[TYPE.code] = RANK.code;
RANKS[TYPE.codeWithScope] = RANK.codeWithScope;
RANKS[TYPE.timestamp] = RANK.timestamp;
RANKS[TYPE.minKey] = RANK.minKey;
RANKS[TYPE.maxKey] = RANK.maxKey;

function append(buf: Buffer, type: number, at: number): void {
  need(32);
  out[pos++] = rankOf(type);
  switch (type) {
    case TYPE.int:
      number(buf.readInt32LE(at));
      break;
    case TYPE.double:
      number(buf.readDoubleLE(at));
      break;
    case TYPE.long: {
      const floor = floorOfLong(buf.readBigInt64LE(at));
      number(floor.double, floor.digits);
      break;
    }
    case TYPE.decimal: {
      const floor = floorOfDecimal(buf.subarray(at, at + 16));
      number(floor.double, floor.digits);
      break;
    }
    case TYPE.string:
    case TYPE.symbol:
    case TYPE.code:
      text(buf, at + 4, at + 3 + buf.readInt32LE(at));
      break;
    case TYPE.object:
    case TYPE.array:
      composite(buf, type, at);
      break;
    case TYPE.binary: {
      const length = buf.readInt32LE(at);
      out.writeUInt32BE(length, pos);
      pos += 4;
      bytesOf(buf, at + 4, at + 5 + length);
      break;
    }
    case TYPE.objectId:
      bytesOf(buf, at, at + 12);
      break;
    case TYPE.boolean:
      out[pos++] = buf[at]!;
      break;
    case TYPE.date:
      signed64(buf, at);
      break;
    case TYPE.timestamp:
      signed64(buf, at);
      out[pos - 8] = out[pos - 8]! ^ 0x80;
      break;
    case TYPE.regex: {
      const second = buf.indexOf(0, at) + 1;
      text(buf, at, second - 1);
      text(buf, second, buf.indexOf(0, second));
      break;
    }
    case TYPE.dbPointer:
    case TYPE.codeWithScope:
      bytesOf(buf, at, at + sizeOf(buf, type, at));
      break;
  }
}

/** Objects compare element by element: type, then name, then value; arrays by type, then value. A 0 ends them. */
function composite(buf: Buffer, type: number, at: number): void {
  eachElement(buf, at, (elementType, nameAt, nameEnd, valueAt) => {
    if (type === TYPE.object) {
      need(1);
      out[pos++] = rankOf(elementType);
      bytesOf(buf, nameAt, nameEnd + 1);
    }
    append(buf, elementType, valueAt);
    return false;
  });
  need(1);
  out[pos++] = 0;
}

/** The key of a value; a missing one has null's. The result is the caller's to keep. */
export function keyOf(value: Value): Buffer {
  pos = 0;
  append(value.buf, value.type, value.at);
  return Buffer.from(out.subarray(0, pos));
}

/** Begins a key of several values, which `appendKey` and `takeKey` make in one go. */
export function beginKey(): void {
  pos = 0;
}

export function appendKey({ buf, type, at }: Value, descending: boolean): void {
  const from = pos;
  append(buf, type, at);
  if (descending) for (let i = from; i < pos; i++) out[i] = ~out[i]! & 0xff;
}

/** The key begun last; the caller's to keep. */
export function takeKey(): Buffer {
  return Buffer.from(out.subarray(0, pos));
}

/** Like Buffer.compare on the two keys, without building the first one for keeps. */
export function compareToKey(value: Value, key: Buffer): number {
  pos = 0;
  append(value.buf, value.type, value.at);
  return out.compare(key, 0, key.length, 0, pos);
}

/** Value of a JavaScript constant of a command (BSON classes keep their types). */
export function constantOf(constant: unknown): Value {
  if (constant === undefined) return MISSING;
  const buf = Buffer.from(serialize({ v: constant }, { ignoreUndefined: false }));
  return { buf, type: buf[4]!, at: 7 };
}

/** In place: turns ascending bytes into descending ones. */
export function invert(key: Buffer): Buffer {
  for (let i = 0; i < key.length; i++) key[i] = ~key[i]! & 0xff;
  return key;
}

/** A key that lmdb can hold: a long one keeps its beginning, and its identity in a digest. */
export function bounded(key: Buffer): Buffer {
  if (key.length <= MAX_KEY) return key;
  return Buffer.concat([key.subarray(0, MAX_KEY - DIGEST_BYTES), createHash('sha256').update(key).digest()]);
}

/** The part of a key that a bounded key surely begins with; scanning by it finds a superset. */
export function boundedPrefix(key: Buffer): Buffer {
  return key.length <= MAX_KEY - DIGEST_BYTES ? key : key.subarray(0, MAX_KEY - DIGEST_BYTES);
}

/** The least key above every key that begins with `prefix` (which never is all FF: it begins with a keyspace). */
export function after(prefix: Buffer): Buffer {
  let last = prefix.length - 1;
  while (prefix[last] === 0xff) last--;
  const next = Buffer.from(prefix.subarray(0, last + 1));
  next[last] = next[last]! + 1;
  return next;
}
