import { Decimal128, Long } from 'bson';
import { type Parts, partsOf } from '../arithmetic.js';
import { CommandError } from '../errors.js';
import { numberOf } from '../numeric.js';
import { nameOfType } from './arithmetic.js';
import { double, isInteger, isNullish, isNumber, whole } from './values.js';

/** $abs, $ceil, $floor, $round and $trunc. The type stays, and a zero's sign. Source: MongoDB's expression.cpp, decimal128.cpp */
type Rounding = 'ceil' | 'floor' | 'trunc' | 'round';

/** Of a decimal; a double is rounded as the decimal of so many digits. */
const DIGITS = 34;

function demandNumber(name: string, value: unknown, code: number): void {
  if (!isNumber(value)) throw new CommandError(code, `${name} only supports numeric types, not ${nameOfType(value)}`);
}

export function absolute(value: unknown): unknown {
  if (isNullish(value)) return null;
  demandNumber('$abs', value, 28765);
  if (value instanceof Decimal128) return Decimal128.fromString(value.toString().replace(/^-/, ''));
  if (!(value instanceof Long)) {
    const size = Math.abs(numberOf(value)!);
    return isInteger(value) ? whole(size) : double(size);
  }
  if (value.equals(Long.MIN_VALUE)) throw new CommandError(28680, "can't take $abs of long long min");
  return value.isNegative() ? value.negate() : value;
}

export const ceilOrFloor = (how: 'ceil' | 'floor') => (value: unknown) => {
  if (isNullish(value)) return null;
  demandNumber(`$${how}`, value, 28765);
  return rounded(how, value, 0);
};

/** @param args  the number, and the place: of decimals, negative for tens */
export const roundOrTrunc = (how: 'round' | 'trunc') => (args: readonly unknown[]) => {
  const [value, place] = args.length === 1 ? [args[0], 0] : args;
  if (isNullish(value)) return null;
  demandNumber(`$${how}`, value, 51081);
  if (isNullish(place)) return null;
  const digits = numberOf(place);
  if (digits === undefined || !Number.isInteger(digits))
    throw new CommandError(51082, `precision argument to  $${how} must be a integral value`);
  if (digits < -20 || digits > 100)
    throw new CommandError(51083, `cannot apply $${how} with precision value ${digits} value must be in [-20, 100]`);
  return rounded(how, value, digits);
};

function rounded(how: Rounding, value: unknown, place: number): unknown {
  if (isInteger(value) && place >= 0) return value;
  const text = textOf(value);
  const sign = text[0] === '-' ? '-' : '';
  const number = partsOf(text.slice(sign.length));
  if (!number) return value;
  const { coefficient, exponent } = quantized(how, number, place, sign === '-');
  const result = `${sign}${coefficient}E${exponent}`;
  if (value instanceof Decimal128) return Decimal128.fromString(result);
  if (!isInteger(value)) return double(Number(result));
  const exact = BigInt(`${sign}${coefficient}`) * 10n ** BigInt(exponent);
  if (BigInt.asIntN(64, exact) !== exact)
    throw new CommandError(51080, `invalid conversion in $${how} resulting from arguments: [${text}, ${place}]`);
  return value instanceof Long ? Long.fromBigInt(exact) : whole(Number(exact));
}

function textOf(value: unknown): string {
  if (value instanceof Decimal128 || value instanceof Long) return value.toString();
  const number = numberOf(value)!;
  return Object.is(number, -0) ? '-0' : number.toPrecision(DIGITS);
}

/** As many decimals as the place says: zeros are appended as far as a decimal has digits. */
function quantized(how: Rounding, { coefficient, exponent }: Parts, place: number, negative: boolean): Parts {
  const dropped = -place - exponent;
  if (coefficient === 0n) return { coefficient, exponent: -place };
  if (dropped <= 0) {
    const zeros = Math.min(-dropped, DIGITS - coefficient.toString().length);
    return { coefficient: coefficient * 10n ** BigInt(zeros), exponent: exponent - zeros };
  }
  const scale = 10n ** BigInt(dropped);
  const [quotient, rest] = [coefficient / scale, coefficient % scale];
  const away =
    how === 'round'
      ? rest * 2n > scale || (rest * 2n === scale && quotient % 2n === 1n)
      : rest > 0n && how === (negative ? 'floor' : 'ceil');
  return { coefficient: away ? quotient + 1n : quotient, exponent: -place };
}
