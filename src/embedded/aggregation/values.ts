import { BSONSymbol, Decimal128, type Document, Double, deserialize, Int32, Long, serialize } from 'bson';
import { constantOf, keyOf, RANK } from '../keys.js';
import { isDocument, numberOf } from '../numeric.js';

/**
 * Values as expressions see them. An int is a JavaScript number, a double with a fraction is one too; a whole double, a long
 * and a decimal stay BSON objects. So every value is written back with the type it was read with.
 */
export function promoted(raw: Uint8Array): Document {
  return promote(deserialize(raw, { promoteValues: false, bsonRegExp: true })) as Document;
}

function promote(value: unknown): unknown {
  if (value instanceof Int32) return value.value;
  if (value instanceof Double) return double(value.value);
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = promote(value[i]);
    return value;
  }
  if (value instanceof BSONSymbol) return value.value;
  if (isDocument(value)) for (const name of Object.keys(value)) value[name] = promote(value[name]);
  return value;
}

/** A constant of a command, in the same form. */
export function promotedConstant(constant: unknown): unknown {
  return promoted(serialize({ v: constant }, { ignoreUndefined: false }))['v'];
}

export function encode(doc: Document): Buffer {
  return Buffer.from(serialize(doc, { ignoreUndefined: true }));
}

/** A number that is a double to BSON even when it is whole. */
export function double(value: number): number | Double {
  return Number.isInteger(value) ? new Double(value) : value;
}

/** A whole number as the narrowest of int, long and double that holds it. */
export function whole(value: number): number | Long | Double {
  if (!Number.isInteger(value)) return value;
  if (value === (value | 0)) return value | 0;
  return Math.abs(value) < 2 ** 63 ? Long.fromBigInt(BigInt(value)) : new Double(value);
}

/** What arithmetic.ts calculated, in the form of this file. */
export function typed(value: unknown): unknown {
  if (value instanceof Int32) return value.value;
  if (value instanceof Double) return double(value.value);
  return value;
}

/** mingo's own kind of number, for functions that know no other. */
export function plain(value: unknown): unknown {
  if (value instanceof Double || value instanceof Int32) return value.value;
  if (value instanceof Long || value instanceof Decimal128) return numberOf(value);
  return value;
}

export const isNumber = (value: unknown): boolean => numberOf(value) !== undefined;
export const isInteger = (value: unknown): boolean =>
  (value instanceof Long && isNumber(value)) || (typeof value === 'number' && Number.isInteger(value));
export const isNullish = (value: unknown): value is null | undefined => value === null || value === undefined;

export function isTruthy(value: unknown): boolean {
  return !(value === false || isNullish(value) || isZero(value));
}

/** A decimal may be too small for a double without being zero. */
export function isZero(value: unknown): boolean {
  return numberOf(value) === 0 && !(value instanceof Decimal128 && /^-?[0.]*[1-9]/.test(value.toString()));
}

/** In expressions a missing value comes before null. */
export function orderOf(value: unknown): Buffer {
  return value === undefined ? Buffer.from([RANK.undefined]) : keyOf(constantOf(withoutUndefined(value)));
}

/** Equal for values that are equal in MongoDB's order. */
export function keyText(value: unknown): string {
  return orderOf(value).toString('latin1');
}

function withoutUndefined(value: unknown): unknown {
  if (!isDocument(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== undefined)
      .map(([name, one]) => [name, withoutUndefined(one)]),
  );
}
