import { Decimal128, Double, Long } from 'bson';
import { compute, type Parts, parts, rounded } from '../arithmetic.js';
import { CommandError } from '../errors.js';
import { constantOf } from '../keys.js';
import { numberOf } from '../numeric.js';
import { typeName } from '../types.js';
import { double, isInteger, isNullish, isNumber, typed, whole } from './values.js';

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
  if (numberOf(b) === 0) throw new CommandError(2, "can't $divide by zero");
  return calculate('divide', a, b);
}

export function modulo([a, b]: readonly unknown[]): unknown {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumber(a) || !isNumber(b))
    throw new CommandError(16611, `$mod only supports numeric types, not ${nameOfType(a)} and ${nameOfType(b)}`);
  if (numberOf(b) === 0) throw new CommandError(16610, "can't $mod by zero");
  if (isInteger(a) && isInteger(b)) {
    const rest = bigOf(a) % bigOf(b);
    return a instanceof Long || b instanceof Long ? Long.fromBigInt(rest) : Number(rest);
  }
  const [x, y] = [parts(a), parts(b)];
  if (!(a instanceof Decimal128 || b instanceof Decimal128) || !x || !y) return double(numberOf(a)! % numberOf(b)!);
  const exponent = Math.min(x.exponent, y.exponent);
  const scaled = (part: Parts) => part.coefficient * 10n ** BigInt(part.exponent - exponent);
  return rounded(scaled(x) % scaled(y), exponent);
}

const bigOf = (value: unknown) => (value instanceof Long ? value.toBigInt() : BigInt(numberOf(value)!));

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
  if (x === 0 && y < 0) throw new CommandError(28764, '$pow cannot take a base of 0 and a negative exponent');
  if (!isInteger(a) || !isInteger(b) || y < 0) {
    if (!(a instanceof Decimal128 || b instanceof Decimal128)) return double(x ** y);
    const base = parts(a);
    if (base && Number.isInteger(y) && y >= 0 && y <= EXACT_POWER)
      return rounded(base.coefficient ** BigInt(y), base.exponent * y);
    return Decimal128.fromString(String(x ** y));
  }
  const result = bigOf(a) ** BigInt(y);
  if (result > 9223372036854775807n || result < -9223372036854775808n) return new Double(x ** y);
  return a instanceof Long || b instanceof Long ? Long.fromBigInt(result) : whole(Number(result));
}

type Rounding = 'abs' | 'ceil' | 'floor' | 'trunc' | 'round';
const ERRORS: Record<Rounding, number> = { abs: 28765, ceil: 28765, floor: 28765, trunc: 51081, round: 51081 };

/** $abs, $ceil, $floor, and $round and $trunc with a place (of decimals; negative for tens). The type stays. */
export function roundTo(how: Rounding, value: unknown, place: unknown = 0): unknown {
  if (isNullish(value) || isNullish(place)) return null;
  if (!isNumber(value))
    throw new CommandError(ERRORS[how], `$${how} only supports numeric types, not ${nameOfType(value)}`);
  const digits = numberOf(place);
  if (digits === undefined || !Number.isInteger(digits) || digits < -20 || digits > 100)
    throw new CommandError(51082, `precision argument to  $${how} must be a integral value between -20 and 100`);
  if (isInteger(value)) {
    if (how === 'abs') return numberOf(value)! < 0 ? calculate('multiply', value, -1) : value;
    if (digits >= 0) return value;
  }
  const number = parts(value);
  if (!number) return value;
  const exact = shifted(number.coefficient, number.exponent, how, digits);
  if (value instanceof Decimal128) return rounded(exact.coefficient, exact.exponent);
  const result = Number(`${exact.coefficient}e${exact.exponent}`);
  if (!isInteger(value)) return double(result === 0 && numberOf(value)! < 0 ? -0 : result);
  return value instanceof Long ? Long.fromNumber(result) : whole(result);
}

function shifted(
  coefficient: bigint,
  exponent: number,
  how: Rounding,
  place: number,
): { coefficient: bigint; exponent: number } {
  if (how === 'abs') return { coefficient: coefficient < 0n ? -coefficient : coefficient, exponent };
  if (exponent >= -place) return { coefficient, exponent };
  const scale = 10n ** BigInt(-place - exponent);
  const quotient = coefficient / scale;
  const rest = coefficient % scale;
  const sign = coefficient < 0n ? -1n : 1n;
  let step = 0n;
  if (how === 'floor' && rest < 0n) step = -1n;
  if (how === 'ceil' && rest > 0n) step = 1n;
  if (how === 'round') {
    const twice = rest * 2n * sign;
    if (twice > scale || (twice === scale && quotient % 2n !== 0n)) step = sign;
  }
  return { coefficient: quotient + step, exponent: -place };
}
