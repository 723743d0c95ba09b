import type { Document } from 'bson';
import { CommandError } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { inOrder } from '../sort.js';
import { nameOfType } from './arithmetic.js';
import { percentiles } from './mathematics.js';
import { average, sum } from './sums.js';
import { double, isNullish, isNumber, keyText, orderOf } from './values.js';

/** Evaluates an expression on a document. */
export type Of = (doc: unknown, expression: unknown) => unknown;
type Accumulate = (docs: readonly unknown[], operand: unknown, of: Of) => unknown;

export function extreme(values: readonly unknown[], sign: 1 | -1): unknown {
  return ordered(values, sign)[0] ?? null;
}

/** Without null and missing, the least (-1) or greatest (1) first. */
export function ordered(values: readonly unknown[], sign: 1 | -1): unknown[] {
  const keyed = values.filter((value) => !isNullish(value)).map((value) => ({ value, key: orderOf(value) }));
  return keyed.sort((a, b) => -sign * Buffer.compare(a.key, b.key)).map(({ value }) => value);
}

export const least = (values: readonly unknown[], n: number) => ordered(values, -1).slice(0, n);

/**
 * Of equal values the last comes first, but once n are met that are no less than the least of the result, no more of those
 * that equal it are taken. Source: MongoDB's accumulator_multi.cpp.
 */
export function greatest(values: readonly unknown[], n: number): unknown[] {
  const last = ordered(values, 1)[n - 1];
  if (last === undefined) return ordered(values, -1).reverse();
  const end = orderOf(last);
  let met = 0;
  const taken = values.filter((value) => {
    const order = isNullish(value) ? -1 : Buffer.compare(orderOf(value), end);
    return order >= 0 && (met++ < n || order > 0);
  });
  return ordered(taken, -1).reverse().slice(0, n);
}

/** Welford's way, as MongoDB does it: what infinities and rounding make of it is the same. */
export function deviation(values: readonly unknown[], sampled: boolean): unknown {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values.filter(isNumber)) {
    const number = numberOf(value)!;
    const delta = number - mean;
    mean += delta / ++count;
    squares += delta * (number - mean);
  }
  const divisor = count - (sampled ? 1 : 0);
  return divisor <= 0 ? null : double(Math.sqrt(squares / divisor));
}

/** Of equal values the first. */
export function unique(values: readonly unknown[]): unknown[] {
  const met = new Set<string>();
  return values.filter((value) => met.size < met.add(keyText(value)).size);
}

const withoutMissing = (value: unknown) =>
  isDocument(value) ? Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) : value;

/** @throws CommandError 40400 for what is neither a document nor null nor missing */
export function merged(values: readonly unknown[]): Document {
  const odd = values.find((value) => !isNullish(value) && !isDocument(value));
  if (odd !== undefined)
    throw new CommandError(40400, `$mergeObjects requires object inputs, but input is of type ${nameOfType(odd)}`);
  return Object.assign({}, ...values.map(withoutMissing));
}

const present = (values: readonly unknown[]) => values.filter((value) => value !== undefined);
const simple =
  (fold: (values: unknown[]) => unknown): Accumulate =>
  (docs, operand, of) =>
    fold(docs.map((doc) => of(doc, operand)));

/** The `n` of $firstN and its like. */
export function howMany(value: unknown): number {
  const n = numberOf(value);
  if (n === undefined) throw new CommandError(5787902, `Value for 'n' must be of integral type, but found ${value}`);
  if (!Number.isInteger(n)) throw new CommandError(5787903, `Value for 'n' must be of integral type, but found ${n}`);
  if (n < 1) throw new CommandError(5787908, `'n' must be greater than 0, found ${n}`);
  return n;
}

function amount(operand: unknown, of: Of): number {
  return howMany(of({}, isDocument(operand) ? operand['n'] : undefined));
}

const several =
  (take: (values: unknown[], n: number) => unknown[]): Accumulate =>
  (docs, operand, of) =>
    take(
      docs.map((doc) => of(doc, (operand as Document)['input']) ?? null),
      amount(operand, of),
    );

const sorted =
  (take: (docs: unknown[], n: number) => unknown[], one: boolean): Accumulate =>
  (docs, operand, of) => {
    const { sortBy, output } = operand as Document;
    const n = one ? 1 : amount(operand, of);
    const outputs = take(inOrder(docs as Document[], sortBy), n).map((doc) => of(doc, output) ?? null);
    return one ? (outputs[0] ?? null) : outputs;
  };

const head = <T>(items: T[], n: number) => items.slice(0, n);
const tail = <T>(items: T[], n: number) => items.slice(-n);

/** The operand of $median and $percentile. @throws CommandError for ways of MongoDB 8 */
export function demandedPercentile(operand: unknown): Document {
  if (!isDocument(operand) || !Object.hasOwn(operand, 'input'))
    throw new CommandError(40414, "BSON field 'input' is missing but a required field");
  if (operand['method'] !== 'approximate')
    throw new CommandError(2, `Currently only 'approximate' can be used as percentile 'method'.`);
  return operand;
}

export function placesOf(p: unknown): number[] {
  const places = Array.isArray(p) ? p.map(numberOf) : [];
  if (places.length === 0 || !places.every((place) => place !== undefined && place >= 0 && place <= 1))
    throw new CommandError(7750301, "The $percentile 'p' field must be an array of numbers from range [0.0, 1.0]");
  return places as number[];
}

const inputsOf = (docs: readonly unknown[], operand: unknown, of: Of): unknown[] =>
  docs.map((doc) => of(doc, demandedPercentile(operand)['input']));

/** Of $group, $bucket and window stages. What is not here is mingo's. */
export const ACCUMULATORS: Record<string, Accumulate> = {
  $sum: simple(sum),
  $avg: simple(average),
  $min: simple((values) => extreme(values, -1)),
  $max: simple((values) => extreme(values, 1)),
  $push: simple(present),
  $addToSet: simple((values) => unique(present(values))),
  $first: (docs, operand, of) => (docs.length > 0 ? (of(docs[0], operand) ?? null) : null),
  $last: (docs, operand, of) => (docs.length > 0 ? (of(docs.at(-1), operand) ?? null) : null),
  $count: (docs) => docs.length,
  $firstN: several(head),
  $lastN: several(tail),
  $minN: several(least),
  $maxN: several(greatest),
  $top: sorted(head, true),
  $bottom: sorted(tail, true),
  $topN: sorted(head, false),
  $bottomN: sorted(tail, false),
  $stdDevPop: simple((values) => deviation(values, false)),
  $stdDevSamp: simple((values) => deviation(values, true)),
  $median: (docs, operand, of) => percentiles(inputsOf(docs, operand, of), [0.5])[0],
  $percentile: (docs, operand, of) =>
    percentiles(inputsOf(docs, operand, of), placesOf(of({}, (operand as Document)['p']))),
  $mergeObjects: simple(merged),
};
