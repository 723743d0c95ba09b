import { Decimal128 } from 'bson';
import { partsOf } from './arithmetic.js';
import { badValue } from './errors.js';
import { constantOf, RANK, rankOf } from './keys.js';
import { numberOfValue } from './numeric.js';
import type { Predicate } from './predicates.js';
import { TYPE, type Value } from './raw.js';

/** $mod: fractions do not count, and what 64 bits cannot hold matches nothing. */
export function modulo(operand: unknown): Predicate {
  if (!Array.isArray(operand)) throw badValue('malformed mod, needs to be an array');
  if (operand.length < 2) throw badValue('malformed mod, not enough elements');
  if (operand.length > 2) throw badValue('malformed mod, too many elements');
  const [divisor, remainder] = (['divisor', 'remainder'] as const).map((name, i) => {
    const part = constantOf(operand[i]);
    if (rankOf(part.type) !== RANK.number) throw badValue(`malformed mod, ${name} not a number`);
    const whole = wholePart(part);
    if (whole === undefined) throw badValue(`malformed mod, ${name} value is invalid: 64 bits cannot hold it`);
    return whole;
  });
  if (divisor === 0n) throw badValue('divisor cannot be 0');
  return {
    test: (value) => {
      const whole = rankOf(value.type) === RANK.number ? wholePart(value) : undefined;
      return whole !== undefined && whole % divisor! === remainder!;
    },
  };
}

/** A number without its fraction; undefined where 64 bits cannot hold it. */
function wholePart(value: Value): bigint | undefined {
  const { buf, type, at } = value;
  if (type === TYPE.long) return buf.readBigInt64LE(at);
  const number = numberOfValue(value);
  if (!(Math.abs(number) <= 2 ** 63)) return undefined;
  const whole = type === TYPE.decimal ? truncated(buf.subarray(at, at + 16)) : BigInt(Math.trunc(number));
  return BigInt.asIntN(64, whole) === whole ? whole : undefined;
}

function truncated(decimal: Uint8Array): bigint {
  const { coefficient, exponent } = partsOf(new Decimal128(decimal).toString())!;
  return exponent < 0 ? coefficient / 10n ** BigInt(-exponent) : coefficient * 10n ** BigInt(exponent);
}
