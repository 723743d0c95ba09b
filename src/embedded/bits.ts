import { Binary, Decimal128 } from 'bson';
import { badValue, CommandError } from './errors.js';
import { numberOf, numberOfValue } from './numeric.js';
import type { Test } from './predicates.js';
import { TYPE, type Value } from './raw.js';

/** The $bits operators: an operand is a mask, a list of bit positions, or bytes (lowest bit first). */
export function bitsTest(operator: string, operand: unknown): Test {
  const positions = positionsOf(operand);
  return (value) => {
    const isSet = bitsOf(value);
    if (!isSet) return false;
    switch (operator) {
      case '$bitsAllSet':
        return positions.every(isSet);
      case '$bitsAllClear':
        return !positions.some(isSet);
      case '$bitsAnySet':
        return positions.some(isSet);
      default:
        return !positions.every(isSet);
    }
  };
}

function positionsOf(operand: unknown): number[] {
  if (Array.isArray(operand)) {
    return operand.map((item) => {
      const position = numberOf(item);
      if (position === undefined || !Number.isInteger(position) || position < 0)
        throw badValue('bit positions must be an integer >= 0');
      return position;
    });
  }
  if (operand instanceof Binary) return indices(operand.length() * 8, (i) => bit(operand.buffer, i));
  const mask = numberOf(operand);
  if (mask === undefined) throw badValue('$bits needs a mask, positions or bytes');
  if (!Number.isInteger(mask) || mask < 0) throw new CommandError(9, `Expected a positive number in: ${mask}`);
  return indices(64, (i) => ((BigInt(mask) >> BigInt(i)) & 1n) === 1n);
}

const indices = (count: number, wanted: (i: number) => boolean) => [...Array(count).keys()].filter(wanted);
const bit = (bytes: Uint8Array, i: number) => (((bytes[i >> 3] ?? 0) >> (i & 7)) & 1) === 1;

function bitsOf(value: Value): ((position: number) => boolean) | undefined {
  if (value.type === TYPE.binary) {
    const bytes = value.buf.subarray(value.at + 5, value.at + 5 + value.buf.readInt32LE(value.at));
    return (i) => bit(bytes, i);
  }
  const number = numberOfValue(value);
  if (value.type === TYPE.decimal) {
    const text = new Decimal128(value.buf.subarray(value.at, value.at + 16)).toString();
    if (/^-?\d+$/.test(text) && Math.abs(number) < 2 ** 63) return bitOf(BigInt(text));
  }
  if (!Number.isInteger(number) || Math.abs(number) > 2 ** 63) return undefined;
  return bitOf(value.type === TYPE.long ? value.buf.readBigInt64LE(value.at) : BigInt(number));
}

function bitOf(number: bigint): (position: number) => boolean {
  const bits = BigInt.asUintN(64, number);
  return (i) => (i > 63 ? number < 0n : ((bits >> BigInt(i)) & 1n) === 1n);
}
