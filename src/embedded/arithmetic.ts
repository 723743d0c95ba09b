import { Decimal128, Double, Int32, Long } from 'bson';
import { numberOf } from './numeric.js';

type Operation = 'add' | 'multiply';
const INT_MAX = 2147483647n;
const LONG_MAX = 9223372036854775807n;

/**
 * Adds or multiplies as $inc and $mul do: the wider of the two types wins, an int that overflows becomes a long.
 *
 * @returns undefined when a long overflows, which is an error to MongoDB
 */
export function compute(operation: Operation, a: unknown, b: unknown): unknown {
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimal(operation, a, b);
  if (isDouble(a) || isDouble(b)) {
    const [x, y] = [numberOf(a)!, numberOf(b)!];
    return new Double(operation === 'add' ? x + y : x * y);
  }
  const [x, y] = [integer(a), integer(b)];
  const result = operation === 'add' ? x + y : x * y;
  const long = a instanceof Long || b instanceof Long;
  if (!long && result <= INT_MAX && result >= -INT_MAX - 1n) return new Int32(Number(result));
  if (result > LONG_MAX || result < -LONG_MAX - 1n) return undefined;
  return Long.fromBigInt(result);
}

function isDouble(value: unknown): boolean {
  return value instanceof Double || (typeof value === 'number' && !Number.isInteger(value));
}

function integer(value: unknown): bigint {
  return value instanceof Long ? value.toBigInt() : BigInt(numberOf(value)!);
}

function decimal(operation: Operation, a: unknown, b: unknown): Decimal128 {
  const [x, y] = [parts(a), parts(b)];
  if (!x || !y) {
    const number = operation === 'add' ? numberOf(a)! + numberOf(b)! : numberOf(a)! * numberOf(b)!;
    return Decimal128.fromString(String(number));
  }
  if (operation === 'multiply') return rounded(x.coefficient * y.coefficient, x.exponent + y.exponent);
  const exponent = Math.min(x.exponent, y.exponent);
  const scaled = (part: Parts) => part.coefficient * 10n ** BigInt(part.exponent - exponent);
  return rounded(scaled(x) + scaled(y), exponent);
}

interface Parts {
  readonly coefficient: bigint;
  readonly exponent: number;
}

function parts(value: unknown): Parts | undefined {
  const text =
    value instanceof Long ? value.toString() : value instanceof Decimal128 ? value.toString() : String(numberOf(value));
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', e = '0'] = match;
  return { coefficient: BigInt(`${sign}${whole}${fraction}`), exponent: Number(e) - fraction.length };
}

function rounded(coefficient: bigint, exponent: number): Decimal128 {
  return Decimal128.fromStringWithRounding(`${coefficient}E${exponent}`);
}
