import { Decimal128, type Document, Double, Long, ObjectId, Timestamp } from 'bson';
import { fifteenDigits } from '../arithmetic.js';
import { badValue, CommandError } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { TYPE } from '../raw.js';
import { typeName, typesOf } from '../types.js';
import { nameOfType } from './arithmetic.js';
import { readDate } from './date-texts.js';
import { double, isNullish, isNumber, isTruthy, isZero } from './values.js';

const failed = (value: unknown, to: string, why = '') =>
  new CommandError(
    241,
    `Unsupported conversion from ${nameOfType(value)} to ${to} in $convert with no onError value${why}`,
  );

const INT = [-2147483648n, 2147483647n] as const;
const LONG = [-9223372036854775808n, 9223372036854775807n] as const;

function integerOf(value: unknown, to: string, [least, greatest]: readonly [bigint, bigint]): bigint {
  let result: bigint | undefined;
  if (typeof value === 'boolean') result = value ? 1n : 0n;
  else if (value instanceof Long) result = value.toBigInt();
  else if (value instanceof Date && to === 'long') result = BigInt(value.getTime());
  else if (typeof value === 'string' && /^[+-]?\d+$/.test(value)) result = BigInt(value.replace('+', ''));
  else if (value instanceof Decimal128 && /^-?\d+(\.\d+)?$/.test(value.toString()))
    result = BigInt(value.toString().replace(/\..*/, ''));
  else if (isNumber(value) && Number.isFinite(numberOf(value))) result = BigInt(Math.trunc(numberOf(value)!));
  if (result === undefined || result < least || result > greatest) throw failed(value, to);
  return result;
}

function toDouble(value: unknown): unknown {
  if (typeof value === 'boolean') return new Double(value ? 1 : 0);
  if (value instanceof Date) return double(value.getTime());
  if (isNumber(value)) {
    const number = numberOf(value)!;
    const lost = number === 0 ? !isZero(value) : !Number.isFinite(number) && /\d/.test(String(value));
    if (value instanceof Decimal128 && lost) throw failed(value, 'double');
    return double(number);
  }
  if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^(NaN|-?Infinity)$/.test(value))
    return double(Number(value));
  throw failed(value, 'double');
}

function toDecimal(value: unknown): unknown {
  if (value instanceof Decimal128) return value;
  if (typeof value === 'boolean') return Decimal128.fromString(value ? '1' : '0');
  if (value instanceof Date) return Decimal128.fromString(String(value.getTime()));
  if (value instanceof Long) return Decimal128.fromString(value.toString());
  if (value instanceof Double || (typeof value === 'number' && !Number.isInteger(value)))
    return Decimal128.fromString(fifteenDigits(numberOf(value)!));
  if (typeof value === 'number') return Decimal128.fromString(String(value));
  if (typeof value === 'string') {
    try {
      return Decimal128.fromString(value);
    } catch {}
  }
  throw failed(value, 'decimal');
}

export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Decimal128 || value instanceof Long) return value.toString();
  if (isNumber(value)) return numberText(numberOf(value)!);
  throw failed(value, 'string');
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Object.is(value, -0) ? '-0' : String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function toDate(value: unknown): Date {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000);
  if (
    value instanceof Long ||
    value instanceof Decimal128 ||
    value instanceof Double ||
    (typeof value === 'number' && !Number.isInteger(value))
  )
    return demandDate(new Date(Math.trunc(numberOf(value)!)), value);
  if (typeof value === 'string') return readDate(value);
  throw failed(value, 'date');
}

/** JavaScript's dates end in the year 275760. */
function demandDate(date: Date, value: unknown): Date {
  if (Number.isNaN(date.getTime())) throw failed(value, 'date', ', which it is too large for');
  return date;
}

function toObjectId(value: unknown): ObjectId {
  if (value instanceof ObjectId) return value;
  if (typeof value === 'string' && /^[0-9a-fA-F]{24}$/.test(value)) return new ObjectId(value);
  throw failed(value, 'objectId');
}

function to(type: number, value: unknown): unknown {
  // A Long to the bson package, no number to MongoDB.
  if (value instanceof Timestamp && type !== TYPE.boolean && type !== TYPE.date) throw failed(value, typeName(type));
  switch (type) {
    case TYPE.double:
      return toDouble(value);
    case TYPE.string:
      return toText(value);
    case TYPE.objectId:
      return toObjectId(value);
    case TYPE.boolean:
      return isNumber(value) ? isTruthy(value) : value !== false;
    case TYPE.date:
      return toDate(value);
    case TYPE.int:
      return Number(integerOf(value, 'int', INT));
    case TYPE.long:
      return Long.fromBigInt(integerOf(value, 'long', LONG));
    case TYPE.decimal:
      return toDecimal(value);
    default:
      throw badValue(`$convert cannot convert to type ${type}`);
  }
}

/** The type that $toInt and its like convert to; null and missing stay null. */
export const CONVERSIONS: Record<string, (value: unknown) => unknown> = Object.fromEntries(
  Object.entries({
    $toDouble: TYPE.double,
    $toString: TYPE.string,
    $toObjectId: TYPE.objectId,
    $toBool: TYPE.boolean,
    $toDate: TYPE.date,
    $toInt: TYPE.int,
    $toLong: TYPE.long,
    $toDecimal: TYPE.decimal,
  }).map(([name, type]) => [name, (value: unknown) => (isNullish(value) ? null : to(type, value))]),
);

/** @param operand  the evaluated fields of $convert */
export function convert(operand: Document): unknown {
  const { input, to: wanted, onError, onNull = null } = operand;
  if (isNullish(input)) return onNull;
  const [type] = typesOf(isDocument(wanted) ? wanted['type'] : wanted);
  try {
    return to(type!, input);
  } catch (error) {
    if ('onError' in operand && error instanceof CommandError && error.code === 241) return onError;
    throw error;
  }
}
