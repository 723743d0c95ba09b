import { BSONRegExp } from 'bson';
import { badValue } from './errors.js';
import type { Fact } from './facts.js';
import { compareToKey, constantOf, keyOf, RANK, rankOf } from './keys.js';
import { isDocument } from './numeric.js';
import { eachItem } from './paths.js';
import { TYPE, type Value } from './raw.js';
import { regexTest } from './text.js';

export type Test = (value: Value) => boolean;

/** `whole`: the value at the end of the path is tested as it is, without going into an array. */
export interface Predicate {
  readonly test: Test;
  readonly whole?: boolean;
  readonly negate?: boolean;
}

export function isOperators(operand: unknown): operand is Record<string, unknown> {
  if (!isDocument(operand)) return false;
  for (const key in operand) return key[0] === '$' && key !== '$ref' && key !== '$id' && key !== '$db';
  return false;
}

/** Plain equality; a regular expression as a bare value matches texts too, under $eq it is only itself. */
export function equalTo(name: string, operand: unknown, facts: Fact[], literal = false): Predicate {
  if (operand instanceof BSONRegExp && !literal) return { test: regexTest(operand, undefined) };
  const constant = constantOf(operand);
  const key = keyOf(constant);
  const nullable = key[0] === RANK.null;
  if (constant.type !== TYPE.array) facts.push({ path: name, kind: 'eq', keys: [key], nullable });
  if (nullable) return { test: isNullish };
  const rank = key[0];
  return {
    test: (value) => value.type !== TYPE.missing && rankOf(value.type) === rank && compareToKey(value, key) === 0,
  };
}

function isNullish(value: Value): boolean {
  return value.type === TYPE.missing || value.type === TYPE.null || value.type === TYPE.undefined;
}

/** Ranges stay within the operand's type (except for MinKey and MaxKey); NaN only equals itself. */
export function ordered(name: string, operator: string, operand: unknown, facts: Fact[]): Predicate {
  if (operand instanceof BSONRegExp) throw badValue(`Can't have RegEx as arg to predicate over field '${name}'.`);
  const constant = constantOf(operand);
  const key = keyOf(constant);
  const rank = key[0]!;
  const inclusive = operator.length === 4;
  const above = operator[1] === 'g';
  if (rank === RANK.null) return inclusive ? { test: isNullish } : { test: () => false };
  const accepts = (order: number) => (order === 0 ? inclusive : above ? order > 0 : order < 0);
  if (rank === RANK.minKey || rank === RANK.maxKey)
    return { test: (value) => value.type !== TYPE.missing && accepts(compareToKey(value, key)) };
  if (rank === RANK.number && isNotANumber(key))
    return { test: (value) => inclusive && rankOf(value.type) === rank && compareToKey(value, key) === 0 };
  if (constant.type !== TYPE.array) {
    const bound = { key, inclusive };
    facts.push({ path: name, kind: 'range', keys: [], nullable: false, ...(above ? { low: bound } : { high: bound }) });
  }
  return {
    test: (value) =>
      value.type !== TYPE.missing &&
      rankOf(value.type) === rank &&
      accepts(compareToKey(value, key)) &&
      !(rank === RANK.number && !above && isNotANumber(keyOf(value))),
  };
}

const NOT_A_NUMBER = keyOf(constantOf(Number.NaN));
const isNotANumber = (key: Buffer) => key.equals(NOT_A_NUMBER);

export function among(name: string, operator: string, operand: unknown, facts: Fact[]): Predicate {
  if (!Array.isArray(operand)) throw badValue(`${operator} needs an array`);
  const regexes: Test[] = [];
  const keys = new Map<string, Buffer>();
  let arrays = false;
  for (const item of operand) {
    if (item instanceof BSONRegExp) regexes.push(regexTest(item, undefined));
    else {
      if (isOperators(item)) throw badValue(`cannot nest $ under ${operator}`);
      const key = keyOf(constantOf(item));
      arrays ||= Array.isArray(item);
      keys.set(key.toString('latin1'), key);
    }
  }
  const nullable = [...keys.values()].some((key) => key[0] === RANK.null);
  if (regexes.length === 0 && !arrays) facts.push({ path: name, kind: 'in', keys: [...keys.values()], nullable });
  return {
    test: (value) =>
      (nullable && isNullish(value)) ||
      (value.type !== TYPE.missing && keys.has(keyOf(value).toString('latin1'))) ||
      regexes.some((matches) => matches(value)),
  };
}

export function countItems(array: Value): number {
  let count = 0;
  eachItem(array, () => {
    count++;
    return false;
  });
  return count;
}
