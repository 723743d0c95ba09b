import { Decimal128, Double, Int32, Long } from 'bson';
import { numberOf } from './numeric.js';

type Operation = 'add' | 'subtract' | 'multiply' | 'divide';
const INT_MAX = 2147483647n;
const LONG_MAX = 9223372036854775807n;

/**
 * Calculates as $inc, $mul and the arithmetic expressions do: the wider of the two types wins, an int that overflows becomes a long.
 *
 * @returns undefined when a long overflows, which is an error to MongoDB
 */
export function compute(operation: Operation, a: unknown, b: unknown): unknown {
  if (a instanceof Decimal128 || b instanceof Decimal128) return decimal(operation, a, b);
  if (isDouble(a) || isDouble(b)) {
    const [x, y] = [numberOf(a)!, numberOf(b)!];
    return new Double(onNumbers(operation, x, y));
  }
  if (operation === 'divide') return new Double(numberOf(a)! / numberOf(b)!);
  const [x, y] = [integer(a), integer(b)];
  const result = operation === 'add' ? x + y : operation === 'subtract' ? x - y : x * y;
  const long = a instanceof Long || b instanceof Long;
  if (!long && result <= INT_MAX && result >= -INT_MAX - 1n) return new Int32(Number(result));
  if (result > LONG_MAX || result < -LONG_MAX - 1n) return undefined;
  return Long.fromBigInt(result);
}

function onNumbers(operation: Operation, x: number, y: number): number {
  switch (operation) {
    case 'add':
      return x + y;
    case 'subtract':
      return x - y;
    case 'multiply':
      return x * y;
    case 'divide':
      return x / y;
  }
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
    // Of what is finite the sign is enough, and a double might not have it.
    const limit = (value: unknown, part?: Parts) => (part ? Math.sign(Number(part.coefficient)) : numberOf(value)!);
    return Decimal128.fromString(String(onNumbers(operation, limit(a, x), limit(b, y))));
  }
  if (operation === 'multiply') return rounded(x.coefficient * y.coefficient, x.exponent + y.exponent);
  if (operation === 'divide') return quotient(x, y);
  const exponent = Math.min(x.exponent, y.exponent);
  const scaled = (part: Parts) => part.coefficient * 10n ** BigInt(part.exponent - exponent);
  return rounded(operation === 'add' ? scaled(x) + scaled(y) : scaled(x) - scaled(y), exponent);
}

/** Decimal128 has 34 digits; a few more are calculated, so that rounding is right. */
const QUOTIENT_DIGITS = 38n;

export function quotient(x: Parts, y: Parts): Decimal128 {
  if (y.coefficient === 0n)
    return Decimal128.fromString(x.coefficient === 0n ? 'NaN' : x.coefficient < 0n ? '-Infinity' : 'Infinity');
  if (x.coefficient === 0n) return rounded(0n, x.exponent - y.exponent);
  const scale = 10n ** (QUOTIENT_DIGITS + BigInt(y.coefficient.toString().length));
  let coefficient = (x.coefficient * scale) / y.coefficient;
  let exponent = x.exponent - y.exponent - (scale.toString().length - 1);
  while (exponent < x.exponent - y.exponent && coefficient % 10n === 0n) {
    coefficient /= 10n;
    exponent++;
  }
  return rounded(coefficient, exponent);
}

export interface Parts {
  readonly coefficient: bigint;
  readonly exponent: number;
}

export function parts(value: unknown): Parts | undefined {
  const text =
    value instanceof Long || value instanceof Decimal128
      ? value.toString()
      : isDouble(value)
        ? fifteenDigits(numberOf(value)!)
        : String(numberOf(value));
  return partsOf(text);
}

/** Undefined for what is no finite number. */
export function partsOf(text: string): Parts | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', e = '0'] = match;
  return { coefficient: BigInt(`${sign}${whole}${fraction}`), exponent: Number(e) - fraction.length };
}

/** A double has about fifteen decimal digits worth keeping: that many MongoDB makes a decimal of, of zero behind its point. */
export function fifteenDigits(value: number): string {
  if (value === 0) return '0E-15';
  return Number.isFinite(value) ? value.toPrecision(15) : String(value);
}

/** What a decimal has: digits, and the exponents of its last one. */
const DIGITS = 34;
const LEAST_EXPONENT = -6176;
const GREATEST_EXPONENT = 6111;

/** The nearest decimal, of two that are as near the even one; infinite where that is too large for one. */
export function rounded(coefficient: bigint, exponent: number): Decimal128 {
  const sign = coefficient < 0n ? '-' : '';
  const digits = `${coefficient}`.slice(sign.length);
  const dropped = Math.max(0, digits.length - DIGITS, LEAST_EXPONENT - exponent);
  let kept = dropped >= digits.length ? 0n : BigInt(digits.slice(0, digits.length - dropped));
  const rest = dropped > digits.length ? '0' : digits.slice(digits.length - dropped);
  if (dropped > 0 && (rest[0]! > '5' || (rest[0] === '5' && (/[1-9]/.test(rest.slice(1)) || kept % 2n === 1n)))) kept++;
  const last = exponent + dropped;
  if (kept > 0n && `${kept}`.length + last > DIGITS + GREATEST_EXPONENT)
    return Decimal128.fromString(`${sign}Infinity`);
  return Decimal128.fromStringWithRounding(`${sign}${kept}E${last}`);
}
