import { Decimal128, Long } from 'bson';
import { numberOf } from '../numeric.js';
import { calculate } from './arithmetic.js';
import { double, isInteger, isNumber, whole } from './values.js';

/**
 * What $sum gives of values, of which those that are no numbers count for nothing: of the widest type among them, or a long
 * where an int is too narrow and a double where a long is. The order of the values makes no difference: only the end result
 * is rounded. Source: MongoDB's accumulator_sum.cpp.
 */
export function sum(values: readonly unknown[]): unknown {
  const numbers = values.filter(isNumber);
  const decimals: unknown[] = numbers.filter((value) => value instanceof Decimal128);
  const others = numbers.filter((value) => !(value instanceof Decimal128));
  const total = new Total(others);
  if (decimals.length > 0) return [...decimals, ...total.decimals()].reduce((all, one) => calculate('add', all, one));
  if (!others.every(isInteger)) return double(total.double());
  const exact = total.bigint();
  if (BigInt.asIntN(64, exact) !== exact) return double(total.double());
  return others.some((value) => value instanceof Long) ? Long.fromBigInt(exact) : whole(Number(exact));
}

/** What $avg gives of them; null where there is no number. */
export function average(values: readonly unknown[]): unknown {
  const numbers = values.filter(isNumber);
  if (numbers.length === 0) return null;
  const total = sum(numbers);
  return total instanceof Decimal128
    ? calculate('divide', total, numbers.length)
    : double(numberOf(total)! / numbers.length);
}

/**
 * A sum as two doubles: the nearest to it, and how far that is off. Exact to some 106 bits, so that ints and longs are always
 * summed up exactly. Source: Knuth, The Art of Computer Programming, volume 2, section 4.2.2, theorem B.
 */
class Total {
  #nearest = 0;
  #rest = 0;
  /** What infinities make of it. */
  #plain = 0;

  constructor(values: readonly unknown[]) {
    for (const value of values) {
      if (!(value instanceof Long)) this.#add(numberOf(value)!);
      else for (const half of [value.getHighBits() * 2 ** 32, value.getLowBitsUnsigned()]) this.#add(half);
    }
  }

  #add(value: number): void {
    this.#plain += value;
    const [small, lost] = pair(value, this.#rest);
    const [nearest, rest] = pair(this.#nearest, small);
    [this.#nearest, this.#rest] = pair(nearest, rest + lost);
  }

  double(): number {
    return Number.isNaN(this.#nearest) ? this.#plain : this.#nearest;
  }

  /** Only of a sum of ints and longs. */
  bigint(): bigint {
    return BigInt(this.#nearest) + BigInt(this.#rest);
  }

  /** Decimals that together are the sum, each with all the 34 digits that a decimal has. */
  decimals(): Decimal128[] {
    const parts = Number.isFinite(this.#nearest) ? [this.#nearest, this.#rest] : [this.double()];
    return parts.map((part) => Decimal128.fromString(digitsOf(part)));
  }
}

/** The sum of two doubles, and what rounding it has lost. */
function pair(a: number, b: number): [sum: number, lost: number] {
  const sum = a + b;
  const ofA = sum - b;
  return [sum, a - ofA + (b - (sum - ofA))];
}

/** Without the zeros that say nothing. */
function digitsOf(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e34) return String(BigInt(value));
  const [digits, exponent = '0'] = value.toPrecision(34).split('e');
  return `${digits!.replace(/\.?0+$/, '')}e${exponent}`;
}
