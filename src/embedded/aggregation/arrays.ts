import type { Document } from 'bson';
import { badValue, CommandError } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { sortValues } from '../sort.js';
import { merged, unique } from './accumulators.js';
import { nameOfType } from './arithmetic.js';
import { isNullish, isTruthy, keyText } from './values.js';

/** Expressions of arrays, sets and documents, of evaluated operands. Error codes are those of MongoDB's expression.cpp. */

/** Operands are looked at one after the other: what comes after a null is never judged. */
function arrays(name: string, code: number, args: readonly unknown[]): unknown[][] | null {
  for (const arg of args) {
    if (isNullish(arg)) return null;
    if (!Array.isArray(arg))
      throw new CommandError(code, `${name} requires arrays, one argument is of type ${nameOfType(arg)}`);
  }
  return (args as unknown[][]).map(stated);
}

/** What is missing in an array is null there. */
const stated = (items: readonly unknown[]): unknown[] => items.map((item) => item ?? null);

function elementAt([array, at]: readonly unknown[]): unknown {
  if (isNullish(array) || isNullish(at)) return null;
  if (!Array.isArray(array))
    throw new CommandError(28689, `$arrayElemAt's first argument must be an array, but is ${nameOfType(array)}`);
  const index = numberOf(at);
  if (index === undefined)
    throw new CommandError(28690, `$arrayElemAt's second argument must be a numeric value, but is ${nameOfType(at)}`);
  if (!Number.isInteger(index))
    throw new CommandError(28691, `$arrayElemAt's second argument must be representable as a 32-bit integer: ${index}`);
  return array.at(index);
}

function contained([value, array]: readonly unknown[]): boolean {
  if (!Array.isArray(array))
    throw new CommandError(40081, `$in requires an array as a second argument, found: ${nameOfType(array)}`);
  const key = keyText(value);
  return array.some((one) => keyText(one) === key);
}

function indexIn([array, value, from = 0, to]: readonly unknown[]): unknown {
  if (isNullish(array)) return null;
  if (!Array.isArray(array))
    throw new CommandError(40090, `$indexOfArray requires an array as a first argument, found: ${nameOfType(array)}`);
  const key = keyText(value);
  const end = Math.min(array.length, numberOf(to) ?? array.length);
  for (let i = numberOf(from) ?? 0; i < end; i++) if (keyText(array[i]) === key) return i;
  return -1;
}

function size(value: unknown): number {
  if (!Array.isArray(value))
    throw new CommandError(17124, `The argument to $size must be an array, but was of type: ${nameOfType(value)}`);
  return value.length;
}

const keySet = (items: readonly unknown[]) => new Set(items.map(keyText));

function intersection(args: readonly unknown[]): unknown {
  const sets = arrays('$setIntersection', 17047, args);
  if (!sets) return null;
  const rest = sets.slice(1).map(keySet);
  return unique(sets[0] ?? []).filter((item) => rest.every((set) => set.has(keyText(item))));
}

function difference(args: readonly unknown[]): unknown {
  if (args.some(isNullish)) return null;
  const at = args.findIndex((arg) => !Array.isArray(arg));
  if (at >= 0) throw new CommandError(17048 + at, 'both operands of $setDifference must be arrays.');
  const [items, gone] = args as [unknown[], unknown[]];
  const keys = keySet(stated(gone));
  return unique(stated(items)).filter((item) => !keys.has(keyText(item)));
}

function sameSets(args: readonly unknown[]): boolean {
  if (args.some((arg) => !Array.isArray(arg)))
    throw new CommandError(17044, 'All operands of $setEquals must be arrays.');
  const [first, ...rest] = (args as unknown[][]).map(keySet);
  return rest.every((set) => set.size === first!.size && [...set].every((key) => first!.has(key)));
}

function subset([a, b]: readonly unknown[]): boolean {
  if (!Array.isArray(a) || !Array.isArray(b))
    throw new CommandError(Array.isArray(a) ? 17042 : 17046, 'both operands of $setIsSubset must be arrays.');
  const all = keySet(b);
  return a.every((item) => all.has(keyText(item)));
}

export function elementsOf(name: string, code: number, value: unknown): unknown[] {
  if (!Array.isArray(value))
    throw new CommandError(code, `${name}'s argument must be an array, but is ${nameOfType(value)}`);
  return stated(value);
}

export function toArrayOf(name: string, value: unknown, code: number): unknown[] | null {
  return isNullish(value) ? null : elementsOf(name, code, value);
}

function objectOf(items: readonly unknown[]): Document {
  const [first] = items;
  if (items.length > 0 && !Array.isArray(first) && !isDocument(first))
    throw new CommandError(40398, `Unrecognised input type format for $arrayToObject: ${nameOfType(first)}`);
  return Object.fromEntries(items.map(Array.isArray(first) ? pairOf : entryOf));
}

function pairOf(item: unknown): [string, unknown] {
  if (!Array.isArray(item)) throw new CommandError(40396, '$arrayToObject requires that all elements are arrays');
  if (item.length !== 2) throw new CommandError(40397, '$arrayToObject requires an array of size 2 arrays');
  if (typeof item[0] !== 'string')
    throw new CommandError(40395, '$arrayToObject requires pairs whose key is of type string');
  return [item[0], item[1] ?? null];
}

function entryOf(item: unknown): [string, unknown] {
  if (!isDocument(item)) throw new CommandError(40391, '$arrayToObject requires that all elements are objects');
  if (Object.keys(item).length !== 2) throw new CommandError(40392, "$arrayToObject requires objects of 'k' and 'v'");
  const { k, v } = item;
  if (k === undefined || v === undefined)
    throw new CommandError(40393, "$arrayToObject requires objects with both 'k' and 'v'");
  if (typeof k !== 'string') throw new CommandError(40394, "$arrayToObject requires that 'k' is of type string");
  return [k, v];
}

/** A number of 32 bits. @throws CommandError with this code for what is no number, with the next for what does not fit */
function demandInt(name: string, which: string, value: unknown, code: number): number {
  const number = numberOf(value);
  if (number === undefined)
    throw new CommandError(code, `${name} requires a numeric ${which}, found ${nameOfType(value)}`);
  if (number !== (number | 0))
    throw new CommandError(code + 1, `${name} requires a ${which} of 32 bits, found ${number}`);
  return number;
}

function sliced(args: readonly unknown[]): unknown {
  if (args.some(isNullish)) return null;
  const items = elementsOf('$slice', 28724, args[0]);
  const a = demandInt('$slice', 'second argument', args[1], 28725);
  if (args.length === 2) return a < 0 ? items.slice(a) : items.slice(0, a);
  const b = demandInt('$slice', 'third argument', args[2], 28727);
  if (b <= 0) throw new CommandError(28729, `Third argument to $slice must be positive: ${b}`);
  const from = a < 0 ? Math.max(0, items.length + a) : a;
  return items.slice(from, from + b);
}

const MAX_RANGE = 10_000_000;

function range(args: readonly unknown[]): number[] {
  const start = demandInt('$range', 'starting value', args[0], 34443);
  const end = demandInt('$range', 'ending value', args[1], 34445);
  const step = args.length === 2 ? 1 : demandInt('$range', 'step value', args[2], 34447);
  if (step === 0) throw new CommandError(34449, '$range requires a non-zero step value');
  if ((end - start) / step > MAX_RANGE) throw badValue('$range would be too long');
  const numbers: number[] = [];
  for (let i = start; step > 0 ? i < end : i > end; i += step) numbers.push(i);
  return numbers;
}

function zipped(value: unknown): unknown {
  const { inputs, useLongestLength = false, defaults } = value as Document;
  if (!Array.isArray(inputs))
    throw new CommandError(34461, `inputs must be an array of expressions, found ${nameOfType(inputs)}`);
  if (defaults !== undefined && useLongestLength !== true)
    throw new CommandError(34466, 'cannot specify defaults unless useLongestLength is true');
  if (defaults !== undefined && (!Array.isArray(defaults) || defaults.length !== inputs.length))
    throw new CommandError(Array.isArray(defaults) ? 34467 : 34462, 'defaults and inputs must have the same length');
  const rows = arrays('$zip', 34468, inputs);
  if (!rows) return null;
  const lengths = rows.map(({ length }) => length);
  return Array.from({ length: useLongestLength === true ? Math.max(...lengths) : Math.min(...lengths) }, (_, at) =>
    rows.map((row, which) => (at < row.length ? row[at] : ((defaults as unknown[] | undefined)?.[which] ?? null))),
  );
}

export const ARRAYS: Record<string, (args: readonly unknown[]) => unknown> = {
  $arrayElemAt: elementAt,
  $in: contained,
  $indexOfArray: indexIn,
  $concatArrays: (args) => arrays('$concatArrays', 28664, args)?.flat(1) ?? null,
  $setUnion: (args) => {
    const sets = arrays('$setUnion', 17043, args);
    return sets && unique(sets.flat(1));
  },
  $setIntersection: intersection,
  $setDifference: difference,
  $setEquals: sameSets,
  $setIsSubset: subset,
  $mergeObjects: merged,
  $slice: sliced,
  $range: range,
};

export const UNARY_ARRAYS: Record<string, (value: unknown) => unknown> = {
  $size: size,
  $reverseArray: (value) => toArrayOf('$reverseArray', value, 34435)?.toReversed() ?? null,
  $first: (value) => (isNullish(value) ? null : elementsOf('$first', 28689, value)[0]),
  $last: (value) => (isNullish(value) ? null : elementsOf('$last', 28689, value).at(-1)),
  $allElementsTrue: (value) => elementsOf('$allElementsTrue', 17040, value).every(isTruthy),
  $anyElementTrue: (value) => elementsOf('$anyElementTrue', 17041, value).some(isTruthy),
  $objectToArray: (value) => {
    if (isNullish(value)) return null;
    if (!isDocument(value))
      throw new CommandError(40390, `$objectToArray requires a document input, found: ${nameOfType(value)}`);
    return Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => ({ k, v }));
  },
  $arrayToObject: (value) => toArrayOf('$arrayToObject', value, 40386) && objectOf(value as unknown[]),
  $sortArray: (value) => {
    const { input, sortBy } = value as Document;
    const items = toArrayOf('$sortArray', input, 2942504);
    return items && sortValues(items, sortBy);
  },
  $zip: zipped,
};
