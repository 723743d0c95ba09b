import { Decimal128, Double, Int32, Long } from 'bson';
import { compute } from './arithmetic.js';
import { constantOf, keyOf, RANK } from './keys.js';
import { numberOf } from './numeric.js';
import { sortValues } from './sort.js';

/**
 * mingo knows JavaScript numbers only. Long beyond 2^53 and Decimal128 come to it as objects, and it orders types in a
 * way of its own. These operators take the place of its own ones: arithmetic that keeps such numbers exact, and
 * comparison in MongoDB's order.
 */
type Evaluate = (doc: unknown, expression: unknown, options: unknown) => unknown;
type Operator = (doc: unknown, expression: unknown, options: unknown) => unknown;
type Operators = Record<string, Operator>;
type Accumulate = (docs: unknown[], expression: unknown, options: unknown) => unknown;
interface Stream {
  transform(change: (docs: unknown[]) => unknown): Stream;
}

export function typedExpressions(evaluate: Evaluate, original: Operators): Operators {
  const arithmetic = (name: string, operation: 'add' | 'subtract' | 'multiply' | 'divide'): Operator => {
    return (doc, expression, options) => {
      const args = evaluate(doc, expression, options);
      if (Array.isArray(args) && args.some(isWide) && args.every((arg) => numberOf(arg) !== undefined))
        return args.slice(1).reduce((sum, arg) => plain(compute(operation, sum, arg)), args[0]);
      // What is calculated already is not calculated again: that would double the work at each level.
      const literals = Array.isArray(args) ? args.map((arg) => ({ $literal: arg })) : { $literal: args };
      return original[name]!(doc, literals, options);
    };
  };
  const comparison = (answer: (order: number) => unknown): Operator => {
    return (doc, expression, options) => {
      const [a, b] = evaluate(doc, expression, options) as [unknown, unknown];
      return answer(Buffer.compare(orderOf(a), orderOf(b)));
    };
  };
  return {
    $add: arithmetic('$add', 'add'),
    $subtract: arithmetic('$subtract', 'subtract'),
    $multiply: arithmetic('$multiply', 'multiply'),
    $divide: arithmetic('$divide', 'divide'),
    $cmp: comparison((order) => order),
    $eq: comparison((order) => order === 0),
    $ne: comparison((order) => order !== 0),
    $gt: comparison((order) => order > 0),
    $gte: comparison((order) => order >= 0),
    $lt: comparison((order) => order < 0),
    $lte: comparison((order) => order <= 0),
  };
}

export function typedAccumulators(original: Record<string, Accumulate>): Record<string, Accumulate> {
  const values: Accumulate = (docs, expression, options) => original.$push!(docs, expression, options);
  const numbers = (docs: unknown[], expression: unknown, options: unknown) =>
    (values(docs, expression, options) as unknown[]).filter((value) => numberOf(value) !== undefined);
  const total = (items: unknown[]) => items.reduce((sum, item) => plain(compute('add', sum, item)), 0);
  const extreme = (sign: 1 | -1): Accumulate => {
    return (docs, expression, options) => {
      let best: { value: unknown; key: Buffer } | undefined;
      for (const value of values(docs, expression, options) as unknown[]) {
        if (value === null || value === undefined) continue;
        const key = orderOf(value);
        if (!best || Buffer.compare(key, best.key) * sign > 0) best = { value, key };
      }
      return best ? best.value : null;
    };
  };
  return {
    $sum: (docs, expression, options) => {
      if (typeof expression === 'number') return docs.length * expression;
      const items = numbers(docs, expression, options);
      return items.some(isWide) ? total(items) : (items as number[]).reduce((sum, item) => sum + item, 0);
    },
    $avg: (docs, expression, options) => {
      const items = numbers(docs, expression, options);
      return items.length === 0 ? null : plain(compute('divide', total(items), items.length));
    },
    $min: extreme(-1),
    $max: extreme(1),
  };
}

/** A $sort in the middle of a pipeline. */
export function typedSort(lazy: (docs: unknown[]) => unknown): (stream: Stream, spec: unknown) => Stream {
  return (stream, spec) => stream.transform((docs) => lazy(sortValues(docs, spec)));
}

const isWide = (value: unknown) => value instanceof Decimal128 || value instanceof Long;

/** In expressions a missing value comes before null. */
function orderOf(value: unknown): Buffer {
  return value === undefined ? Buffer.from([RANK.undefined]) : keyOf(constantOf(value));
}

/** mingo's own kind of number again, where that is exact. */
function plain(value: unknown): unknown {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long && Number.isSafeInteger(value.toNumber())) return value.toNumber();
  return value;
}
