import { Decimal128, type Document, Double, Int32, Long, Timestamp } from 'bson';
import { compute } from './arithmetic.js';
import { badValue, CommandError } from './errors.js';
import { constantOf, keyOf } from './keys.js';
import { isDocument, numberOf } from './numeric.js';
import { shellText } from './shell-text.js';
import { typeName } from './types.js';

/**
 * What $inc and $mul make of a value: the value itself where the result is of its type and equals it, as -0 equals 0 and
 * 1.50 equals 1.5. Source: MongoDB's src/mongo/util/safe_num.cpp, isIdentical
 */
export function calculated(
  doc: Document,
  path: string,
  operator: '$inc' | '$mul',
  current: unknown,
  operand: unknown,
): unknown {
  const verb = operator === '$inc' ? 'increment' : 'multiply';
  if (numberOf(operand) === undefined)
    throw new CommandError(14, `Cannot ${verb} with non-numeric argument: {${path}: ${shellText(operand)}}`);
  if (current === undefined) {
    if (operator === '$inc') return operand;
    if (operand instanceof Decimal128) return Decimal128.fromString('0');
    return operand instanceof Double ? new Double(0) : compute('multiply', operand, 0);
  }
  if (numberOf(current) === undefined)
    throw new CommandError(
      14,
      `Cannot apply ${operator} to a value of non-numeric type. {_id: ${shellText(doc._id)}} has the field '${path.split('.').at(-1)}' of non-numeric type`,
    );
  const result = compute(operator === '$inc' ? 'add' : 'multiply', current, operand);
  if (result === undefined)
    throw badValue(
      `Failed to apply ${operator} operations to current value (${shellText(current)}) for document {_id: ${shellText(doc._id)}}`,
    );
  return isIdentical(result, current) ? current : result;
}

function isIdentical(a: unknown, b: unknown): boolean {
  if (a instanceof Double && b instanceof Double) return a.value === b.value;
  return a instanceof Decimal128 && b instanceof Decimal128 && keyOf(constantOf(a)).equals(keyOf(constantOf(b)));
}

/** What $currentDate puts in. */
export function now(operand: unknown): unknown {
  const type = isDocument(operand) ? operand.$type : 'date';
  if (typeof operand !== 'boolean' && !isDocument(operand))
    throw badValue(
      `${typeof operand} is not valid type for $currentDate. Please use a boolean ('true') or a $type expression ({$type: 'timestamp/date'}).`,
    );
  if (type === 'date') return new Date();
  if (type === 'timestamp') return new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
  throw badValue(
    "The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {field : {$type: 'date'}}}",
  );
}

/** What $bit makes of a value. */
export function bitwise(doc: Document, path: string, current: unknown, operand: unknown): unknown {
  if (!isDocument(operand)) throw badValue('The $bit modifier is not compatible with a non-object');
  if (Object.keys(operand).length === 0)
    throw badValue('You must pass in at least one bitwise operation. The format is: {$bit: {field: {and/or/xor: #}}');
  if (current !== undefined && !isWhole(current))
    throw badValue(
      `Cannot apply $bit to a value of non-integral type. {_id: ${shellText(doc['_id'])}} has the field '${path.split('.').at(-1)}' of non-integer type ${typeName(constantOf(current).type)}`,
    );
  let value = current === undefined ? 0n : bigOf(current);
  let long = current instanceof Long;
  for (const [name, mask] of Object.entries(operand)) {
    if (!isWhole(mask))
      throw badValue(
        `The $bit modifier field must be an Integer(32/64 bit); a '${typeName(constantOf(mask).type)}' is not supported here`,
      );
    long ||= mask instanceof Long;
    if (name === 'and') value &= bigOf(mask);
    else if (name === 'or') value |= bigOf(mask);
    else if (name === 'xor') value ^= bigOf(mask);
    else throw badValue(`The $bit modifier only supports 'and', 'or', and 'xor', not '${name}'`);
  }
  return long ? Long.fromBigInt(BigInt.asIntN(64, value)) : new Int32(Number(BigInt.asIntN(32, value)));
}

const isWhole = (value: unknown): boolean =>
  value instanceof Int32 || (value instanceof Long && !(value instanceof Timestamp));
const bigOf = (value: unknown): bigint => (value instanceof Long ? value.toBigInt() : BigInt(numberOf(value)!));
