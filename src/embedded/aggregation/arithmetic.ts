import { Decimal128, Double, Long } from 'bson';
import { compute, type Parts, parts, quotient, rounded } from '../arithmetic.js';
import { CommandError } from '../errors.js';
import { constantOf } from '../keys.js';
import { numberOf } from '../numeric.js';
import { typeName } from '../types.js';
import { double, isInteger, isNullish, isNumber, isZero, typed } from './values.js';

export type Operation = 'add' | 'subtract' | 'multiply' | 'divide';

export const nameOfType = (value: unknown): string => typeName(constantOf(value).type);

/** Operands are looked at one after the other: what comes after a null is never judged. */
function nullFirst(name: string, args: readonly unknown[], also = ''): boolean {
  const end = args.findIndex(isNullish);
  const judged = (end < 0 ? args : args.slice(0, end)).filter((arg) => !(also && arg instanceof Date));
  demandNumbers(name, judged, also);
  return end >= 0;
}

function demandNumbers(name: string, args: readonly unknown[], also = ''): void {
  const odd = args.find((arg) => !isNumber(arg));
  if (odd !== undefined)
    throw new CommandError(14, `${name} only supports numeric${also} types, not ${nameOfType(odd)}`);
}

/** Of two numbers. What a long cannot hold becomes a double, as MongoDB's expressions have it. */
export function calculate(operation: Operation, a: unknown, b: unknown): unknown {
  return typed(compute(operation, a, b) ?? inDoubles(operation, numberOf(a)!, numberOf(b)!));
}

function inDoubles(operation: Operation, x: number, y: number): Double {
  return new Double(operation === 'add' ? x + y : operation === 'subtract' ? x - y : x * y);
}

export function add(args: readonly unknown[]): unknown {
  if (nullFirst('$add', args, ' or date')) return null;
  const dates = args.filter((arg) => arg instanceof Date);
  if (dates.length > 1) throw new CommandError(16612, 'only one date allowed in an $add expression');
  const numbers = args.filter((arg) => !(arg instanceof Date));
  const sum = numbers.reduce((total, arg) => calculate('add', total, arg), 0);
  return dates[0] ? new Date(dates[0].getTime() + Math.round(numberOf(sum)!)) : sum;
}

export function subtract([a, b]: readonly unknown[]): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime());
  if (a instanceof Date && isNumber(b)) return new Date(a.getTime() - Math.round(numberOf(b)!));
  if (!isNumber(a) || !isNumber(b))
    throw new CommandError(14, `can't $subtract ${nameOfType(b)} from ${nameOfType(a)}`);
  return calculate('subtract', a, b);
}

export function multiply(args: readonly unknown[]): unknown {
  if (nullFirst('$multiply', args)) return null;
  return args.reduce((product, arg) => calculate('multiply', product, arg), 1);
}

export function divide([a, b]: readonly unknown[]): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  demandNumbers('$divide', [a, b]);
  if (isZero(b)) throw new CommandError(2, "can't $divide by zero");
  return calculate('divide', a, b);
}

const NAN = Decimal128.fromString('NaN');

export function modulo([a, b]: readonly unknown[]): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b))
    throw new CommandError(16611, `$mod only supports numeric types, not ${nameOfType(a)} and ${nameOfType(b)}`);
  if (isZero(b)) throw new CommandError(16610, "can't $mod by zero");
  if (isInteger(a) && (isInteger(b) || isWholeDouble(b))) {
    const rest = bigOf(a) % BigInt(b instanceof Long ? b.toBigInt() : numberOf(b)!);
    return a instanceof Long || b instanceof Long ? Long.fromBigInt(rest) : Number(rest);
  }
  const [x, y] = [parts(a), parts(b)];
  if (!(a instanceof Decimal128 || b instanceof Decimal128)) return double(numberOf(a)! % numberOf(b)!);
  // The rest is what is divided where that is finite and the divisor is not.
  if (!x || !y) return x && !Number.isNaN(numberOf(b)) ? compute('add', Decimal128.fromString('0'), a) : NAN;
  const exponent = Math.min(x.exponent, y.exponent);
  const scaled = (part: Parts) => part.coefficient * 10n ** BigInt(part.exponent - exponent);
  return rounded(scaled(x) % scaled(y), exponent);
}

/** To $mod a double that an int can hold is an int, but not to the left of it. */
const isWholeDouble = (value: unknown): boolean => value instanceof Double && value.value === (value.value | 0);

const bigOf = (value: unknown) => (value instanceof Long ? value.toBigInt() : BigInt(numberOf(value)!));

const ONE: Parts = { coefficient: 1n, exponent: 0 };

/** Decimals are multiplied out up to this power. */
const EXACT_POWER = 1000;

export function power([a, b]: readonly unknown[]): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  for (const [name, arg] of [
    ['base', a],
    ['exponent', b],
  ] as const)
    if (!isNumber(arg))
      throw new CommandError(name === 'base' ? 28762 : 28763, `$pow's ${name} must be numeric, not ${nameOfType(arg)}`);
  const [x, y] = [numberOf(a)!, numberOf(b)!];
  if (isZero(a) && y < 0) throw new CommandError(28764, '$pow cannot take a base of 0 and a negative exponent');
  if (!isInteger(a) || !isInteger(b) || y < 0) {
    if (!(a instanceof Decimal128 || b instanceof Decimal128)) return double(x ** y);
    const base = parts(a);
    if (base && Number.isInteger(y) && Math.abs(y) <= EXACT_POWER) {
      const whole = { coefficient: base.coefficient ** BigInt(Math.abs(y)), exponent: base.exponent * Math.abs(y) };
      return y < 0 ? quotient(ONE, whole) : rounded(whole.coefficient, whole.exponent);
    }
    return Decimal128.fromString(String(x ** y));
  }
  const base = bigOf(a);
  // Beyond that nothing but these fits, and what does not must not be multiplied out.
  if (y > 63 && base !== 0n && base !== 1n && base !== -1n) return new Double(x ** y);
  const result = base === -1n ? (bigOf(b) % 2n === 0n ? 1n : -1n) : base ** (y > 63 ? 1n : BigInt(y));
  if (BigInt.asIntN(64, result) !== result) return new Double(x ** y);
  const isInt = BigInt.asIntN(32, result) === result && !(a instanceof Long || b instanceof Long);
  return isInt ? Number(result) : Long.fromBigInt(result);
}
