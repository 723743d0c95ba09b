import type { Document } from 'bson';
import { CommandError } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { ACCUMULATORS, greatest, howMany, least } from './accumulators.js';
import { elementsOf, toArrayOf } from './arrays.js';
import { isNullish, isTruthy } from './values.js';

/** An operator as mingo calls it; `obj` is a document, or the documents of a group. */
export type Operator = (obj: unknown, expression: unknown, options: unknown) => unknown;
export type Operators = Record<string, Operator>;
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** Operators that do not evaluate everything they are given. */
export function lazy(evaluate: Operator): Operators {
  // A literal: mingo would take an item that is an operator's name, or a path, for an expression.
  const within = (doc: unknown, as: string, item: unknown, of: unknown, options: unknown) =>
    evaluate(doc, { $let: { vars: { [as]: { $literal: item } }, in: of } }, options);
  const some = (doc: unknown, expression: unknown, options: unknown, wanted: boolean) =>
    list(expression).some((one) => isTruthy(evaluate(doc, one, options)) === wanted);
  const limited =
    (name: string, take: (items: unknown[], n: number) => unknown[]): Operator =>
    (doc, expression, options) => {
      const operand = expression as Document;
      if (Array.isArray(doc)) return ACCUMULATORS[name]!(doc, expression, (one, of) => evaluate(one, of, options));
      const items = evaluate(doc, operand['input'], options);
      const n = howMany(evaluate(doc, operand['n'], options));
      return take(elementsOf(name, 5788200, items), n);
    };
  return {
    [PATH]: (doc, expression, options) => {
      const [from, ...steps] = expression as [string, ...string[]];
      return steps.reduce<unknown>(inside, evaluate(doc, from, options));
    },
    $and: (doc, expression, options) => !some(doc, expression, options, false),
    $or: (doc, expression, options) => some(doc, expression, options, true),
    $cond: (doc, expression, options) => {
      const [test, yes, no] = Array.isArray(expression)
        ? expression
        : ['if', 'then', 'else'].map((name) => (expression as Document)[name]);
      return evaluate(doc, isTruthy(evaluate(doc, test, options)) ? yes : no, options);
    },
    $switch: (doc, expression, options) => {
      const { branches, default: otherwise } = expression as Document;
      for (const branch of branches as Document[])
        if (isTruthy(evaluate(doc, branch['case'], options))) return evaluate(doc, branch['then'], options);
      if (!Object.hasOwn(expression as Document, 'default'))
        throw new CommandError(
          40066,
          '$switch could not find a matching branch for an input, and no default was specified.',
        );
      return evaluate(doc, otherwise, options);
    },
    $ifNull: (doc, expression, options) => {
      let value: unknown;
      for (const one of expression as unknown[]) {
        value = evaluate(doc, one, options);
        if (!isNullish(value)) return value;
      }
      return value;
    },
    $map: (doc, expression, options) => {
      const { input, as = 'this', in: of } = expression as Document;
      const items = toArrayOf('$map', evaluate(doc, input, options), 16883);
      return items?.map((item) => within(doc, as, item, of, options) ?? null) ?? null;
    },
    $filter: (doc, expression, options) => {
      const { input, as = 'this', cond, limit } = expression as Document;
      const items = toArrayOf('$filter', evaluate(doc, input, options), 28651);
      const most = limit === undefined ? Number.POSITIVE_INFINITY : numberOf(evaluate(doc, limit, options));
      if (!(most! >= 1))
        throw new CommandError(327391, '$filter: limit must be represented as a 32-bit integral value greater than 0');
      if (!items) return null;
      const kept: unknown[] = [];
      for (const item of items) {
        if (kept.length >= most!) break;
        if (isTruthy(within(doc, as, item, cond, options))) kept.push(item);
      }
      return kept;
    },
    $firstN: limited('$firstN', (items, n) => items.slice(0, n)),
    $lastN: limited('$lastN', (items, n) => items.slice(-n)),
    $minN: limited('$minN', least),
    $maxN: limited('$maxN', greatest),
  };
}

/** Stands for a path of several steps, which mingo would follow into arrays of arrays too. */
export const PATH = '$__path';

function inside(value: unknown, step: string): unknown {
  if (isDocument(value)) return Object.hasOwn(value, step) ? value[step] : undefined;
  if (!Array.isArray(value)) return undefined;
  return value
    .filter(isDocument)
    .map((item) => inside(item, step))
    .filter((item) => item !== undefined);
}

/** An expression with its dotted paths as operators. */
export function withPaths(expression: unknown): unknown {
  if (typeof expression === 'string') {
    const [from, ...steps] = expression.split('.');
    return expression[0] === '$' && steps.length > 0 ? { [PATH]: [from, ...steps] } : expression;
  }
  if (Array.isArray(expression)) return expression.map(withPaths);
  if (!isDocument(expression) || '$literal' in expression) return expression;
  return Object.fromEntries(Object.entries(expression).map(([name, inner]) => [name, withPaths(inner)]));
}
