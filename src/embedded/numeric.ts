import { Decimal128, type Document, Double, Int32, Long, Timestamp } from 'bson';
import { TYPE, type Value } from './raw.js';

/** A JavaScript number for any BSON number (rounded when it does not fit), else undefined. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long) return value instanceof Timestamp ? undefined : value.toNumber();
  if (value instanceof Decimal128) return Number(value.toString());
  if (typeof value === 'bigint') return Number(value);
  return undefined;
}

export function numberOfValue({ buf, type, at }: Value): number {
  switch (type) {
    case TYPE.int:
      return buf.readInt32LE(at);
    case TYPE.double:
      return buf.readDoubleLE(at);
    case TYPE.long:
      return Number(buf.readBigInt64LE(at));
    case TYPE.decimal:
      return Number(new Decimal128(buf.subarray(at, at + 16)).toString());
    default:
      return Number.NaN;
  }
}

/** A plain embedded document, not a BSON class, a date or an array. */
export function isDocument(value: unknown): value is Document {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
