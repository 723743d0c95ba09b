import { Binary, calculateObjectSize, Long, Timestamp } from 'bson';
import { CommandError } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { nameOfType } from './arithmetic.js';
import { double, isInteger, isNullish, isNumber } from './values.js';

/** Functions of one number, bits, and sizes in bytes. Error codes are those of MongoDB's expression.cpp. */
type Unary = (value: unknown) => unknown;

/** Whatever number is given, the answer is a double; NaN is nowhere out of bounds. */
const ofNumber =
  (name: string, apply: (x: number) => number, within: (x: number) => boolean = () => true, code = 50989): Unary =>
  (value) => {
    if (isNullish(value)) return null;
    const x = numberOf(value);
    if (x === undefined) throw new CommandError(28765, `${name} only supports numeric types, not ${nameOfType(value)}`);
    if (!Number.isNaN(x) && !within(x))
      throw new CommandError(code, `cannot apply ${name} to ${x}, it is out of bounds`);
    return double(apply(x));
  };

const positive = (x: number) => x > 0;
const unit = (x: number) => x >= -1 && x <= 1;

function logarithm([value, base]: readonly unknown[]): unknown {
  if (isNullish(value) || isNullish(base)) return null;
  const [x, b] = [numberOf(value), numberOf(base)];
  if (x === undefined) throw new CommandError(28756, `$log's argument must be numeric, not ${nameOfType(value)}`);
  if (b === undefined) throw new CommandError(28757, `$log's base must be numeric, not ${nameOfType(base)}`);
  if (x <= 0) throw new CommandError(28758, `$log's argument must be a positive number, but is ${x}`);
  if (b <= 0 || b === 1)
    throw new CommandError(28759, `$log's base must be a positive number not equal to 1, but is ${b}`);
  return double(Math.log(x) / Math.log(b));
}

function arcTangent([a, b]: readonly unknown[]): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  const [y, x] = [numberOf(a), numberOf(b)];
  if (y === undefined) throw new CommandError(51044, `$atan2 only supports numeric types, not ${nameOfType(a)}`);
  if (x === undefined) throw new CommandError(51045, `$atan2 only supports numeric types, not ${nameOfType(b)}`);
  return double(Math.atan2(y, x));
}

const bigOf = (value: unknown) => (value instanceof Long ? value.toBigInt() : BigInt(value as number));
const ofBits = (bits: bigint, long: boolean) => (long ? Long.fromBigInt(bits) : Number(bits));

/** Of ints an int, a long as soon as one is. What comes after a null is never judged. */
const bitwise =
  (name: string, start: bigint, join: (a: bigint, b: bigint) => bigint) =>
  (args: readonly unknown[]): unknown => {
    for (const arg of args) {
      if (isNullish(arg)) return null;
      if (!isInteger(arg))
        throw new CommandError(14, `${name} only supports int and long operands, not ${nameOfType(arg)}`);
    }
    const bits = args.map(bigOf).reduce(join, start);
    return ofBits(
      bits,
      args.some((arg) => arg instanceof Long),
    );
  };

function inverted(value: unknown): unknown {
  if (isNullish(value)) return null;
  if (!isNumber(value)) throw new CommandError(28765, `$bitNot only supports numeric types, not ${nameOfType(value)}`);
  if (!isInteger(value)) throw new CommandError(14, `$bitNot only supports int and long, not: ${nameOfType(value)}.`);
  return ofBits(~bigOf(value), value instanceof Long);
}

const ofTimestamp =
  (name: string, code: number, of: (value: Timestamp) => number): Unary =>
  (value) => {
    if (isNullish(value)) return null;
    if (!(value instanceof Timestamp))
      throw new CommandError(code, `Argument to ${name} must be a timestamp, but is ${nameOfType(value)}`);
    return Long.fromNumber(of(value));
  };

function binarySize(value: unknown): unknown {
  if (isNullish(value)) return null;
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Binary) return value.length();
  throw new CommandError(51276, `$binarySize requires a string or BinData argument, found: ${nameOfType(value)}`);
}

function bsonSize(value: unknown): unknown {
  if (isNullish(value)) return null;
  if (!isDocument(value))
    throw new CommandError(31393, `$bsonSize requires a document input, found: ${nameOfType(value)}`);
  return calculateObjectSize(value);
}

/** The values at these places of all of them in order, each 0 to 1: of the few values here "approximate" is exact. */
export function percentiles(values: readonly unknown[], places: readonly number[]): unknown[] {
  const numbers = values
    .map(numberOf)
    .filter((number): number is number => number !== undefined && !Number.isNaN(number))
    .sort((a, b) => a - b);
  return places.map((p) =>
    numbers.length === 0 ? null : double(numbers[Math.max(0, Math.ceil(p * numbers.length) - 1)]!),
  );
}

export const UNARY_MATHEMATICS: Record<string, Unary> = {
  $sqrt: ofNumber('$sqrt', Math.sqrt, (x) => x >= 0, 28714),
  $exp: ofNumber('$exp', Math.exp),
  $ln: ofNumber('$ln', Math.log, positive, 28766),
  $log10: ofNumber('$log10', Math.log10, positive, 28761),
  $sin: ofNumber('$sin', Math.sin, Number.isFinite),
  $cos: ofNumber('$cos', Math.cos, Number.isFinite),
  $tan: ofNumber('$tan', Math.tan, Number.isFinite),
  $asin: ofNumber('$asin', Math.asin, unit),
  $acos: ofNumber('$acos', Math.acos, unit),
  $atan: ofNumber('$atan', Math.atan),
  $sinh: ofNumber('$sinh', Math.sinh),
  $cosh: ofNumber('$cosh', Math.cosh),
  $tanh: ofNumber('$tanh', Math.tanh),
  $asinh: ofNumber('$asinh', Math.asinh),
  $acosh: ofNumber('$acosh', Math.acosh, (x) => x >= 1),
  $atanh: ofNumber('$atanh', Math.atanh, unit),
  $degreesToRadians: ofNumber('$degreesToRadians', (x) => x * (Math.PI / 180)),
  $radiansToDegrees: ofNumber('$radiansToDegrees', (x) => x * (180 / Math.PI)),
  $bitNot: inverted,
  $binarySize: binarySize,
  $bsonSize: bsonSize,
  $tsSecond: ofTimestamp('$tsSecond', 5687301, (value) => value.getHighBitsUnsigned()),
  $tsIncrement: ofTimestamp('$tsIncrement', 5687302, (value) => value.getLowBitsUnsigned()),
};

export const MATHEMATICS: Record<string, (args: readonly unknown[]) => unknown> = {
  $log: logarithm,
  $atan2: arcTangent,
  $bitAnd: bitwise('$bitAnd', -1n, (a, b) => a & b),
  $bitOr: bitwise('$bitOr', 0n, (a, b) => a | b),
  $bitXor: bitwise('$bitXor', 0n, (a, b) => a ^ b),
};
