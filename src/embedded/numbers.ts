import { Decimal128 } from 'bson';

/**
 * Order-preserving bytes for numbers, the same for every numeric type, so that Int32 5, Long 5, Double 5.0 and
 * Decimal128 5 are one key. Layout: the greatest double not above the number (8 bytes), then 0 when that double is the
 * number itself, else 1 and the number's decimal digits (only Long beyond 2^53 and Decimal128 need them).
 */
export const NUMBER_KEY_BYTES = 9;

const scratch = Buffer.alloc(8);

/** Writes the 8 sortable bytes of a double; NaN sorts below everything, -0 is 0. */
export function writeDouble(out: Buffer, at: number, value: number): void {
  if (Number.isNaN(value)) {
    out.fill(0, at, at + 8);
    return;
  }
  out.writeDoubleBE(value === 0 ? 0 : value, at);
  if (out[at]! & 0x80) for (let i = 0; i < 8; i++) out[at + i] = ~out[at + i]! & 0xff;
  else out[at] = out[at]! | 0x80;
}

export interface Floor {
  readonly double: number;
  /** Empty when the double is exact. */
  readonly digits: Buffer;
}

const EXACT = Buffer.alloc(0);

export function floorOfLong(value: bigint): Floor {
  let double = Number(value);
  if (BigInt(double) > value) double = nextBelow(double);
  if (BigInt(double) === value) return { double, digits: EXACT };
  return { double, digits: digitsOf(value, 0) };
}

export function floorOfDecimal(bytes: Uint8Array): Floor {
  const text = new Decimal128(bytes).toString();
  if (text === 'NaN') return { double: Number.NaN, digits: EXACT };
  if (text.endsWith('Infinity')) return { double: text.startsWith('-') ? -Infinity : Infinity, digits: EXACT };
  const { coefficient, exponent } = parse(text);
  if (coefficient === 0n) return { double: 0, digits: EXACT };
  let double = Number(`${coefficient}e${exponent}`);
  if (double === Infinity) double = Number.MAX_VALUE;
  else if (double === -Infinity) return { double, digits: digitsOf(coefficient, exponent) };
  let side = compareExact(double, coefficient, exponent);
  if (side > 0) {
    double = nextBelow(double);
    side = -1;
  }
  return { double, digits: side === 0 ? EXACT : digitsOf(coefficient, exponent) };
}

function parse(text: string): { coefficient: bigint; exponent: number } {
  const [mantissa = '0', e = '0'] = text.split(/[eE]/);
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { coefficient: BigInt(whole + fraction), exponent: Number(e) - fraction.length };
}

/** Sign of double - coefficient * 10^exponent, without rounding. */
function compareExact(double: number, coefficient: bigint, exponent: number): number {
  scratch.writeDoubleBE(double);
  const bits = scratch.readBigUInt64BE();
  const power = Number((bits >> 52n) & 0x7ffn);
  let left = (bits & 0xfffffffffffffn) | (power === 0 ? 0n : 1n << 52n);
  if (double < 0) left = -left;
  let right = coefficient;
  const shift = (power === 0 ? 1 : power) - 1075;
  if (shift >= 0) left <<= BigInt(shift);
  else right <<= BigInt(-shift);
  if (exponent >= 0) right *= 10n ** BigInt(exponent);
  else left *= 10n ** BigInt(-exponent);
  return left < right ? -1 : left > right ? 1 : 0;
}

function nextBelow(double: number): number {
  if (double === 0) return -Number.MIN_VALUE;
  scratch.writeDoubleBE(double);
  scratch.writeBigUInt64BE(scratch.readBigUInt64BE() + (double > 0 ? -1n : 1n));
  return scratch.readDoubleBE();
}

/** Decimal exponent, then digits as bytes 1 to 10, then 0; all inverted for negative numbers. */
function digitsOf(coefficient: bigint, exponent: number): Buffer {
  const negative = coefficient < 0n;
  const text = (negative ? -coefficient : coefficient).toString();
  const digits = text.replace(/0+$/, '');
  const out = Buffer.alloc(3 + digits.length);
  out.writeUInt16BE(exponent + text.length + 0x4000, 0);
  for (let i = 0; i < digits.length; i++) out[2 + i] = digits.charCodeAt(i) - 47;
  if (negative) for (let i = 0; i < out.length; i++) out[i] = ~out[i]! & 0xff;
  return out;
}
