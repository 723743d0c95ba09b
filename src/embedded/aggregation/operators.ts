import type { Document } from 'bson';
import { CommandError } from '../errors.js';
import { isDocument } from '../numeric.js';
import { ACCUMULATORS, demandedPercentile, deviation, extreme, placesOf } from './accumulators.js';
import { add, divide, modulo, multiply, nameOfType, power, subtract } from './arithmetic.js';
import { ARRAYS, UNARY_ARRAYS } from './arrays.js';
import { CONVERSIONS, convert } from './conversions.js';
import { DATES } from './dates.js';
import { lazy, list, type Operator, type Operators } from './lazy.js';
import { MATHEMATICS, percentiles, UNARY_MATHEMATICS } from './mathematics.js';
import { REGEXES } from './regexes.js';
import { absolute, ceilOrFloor, roundOrTrunc } from './rounding.js';
import { average, sum } from './sums.js';
import { TEXTS, TRIMS, UNARY_TEXTS } from './texts.js';
import { isNumber, isTruthy, orderOf, plain } from './values.js';

/** What is left of an operator once its operands are evaluated. */
type Function = (args: readonly unknown[]) => unknown;

/**
 * Expressions whose result depends on types, equality, order or the calendar: mingo's know JavaScript's, these MongoDB's. Of
 * mingo's others those that are known to answer alike are given plain numbers; the rest are unknown here.
 */
export function operators(evaluate: Operator, mingo: Operators): Operators {
  const all: Operators = {};
  for (const name of DIRECT) all[name] = withInputCode(name, mingo[name]!);
  for (const name of Object.keys(CODES)) all[name] = throughPlain(name, mingo[name]!, evaluate);
  for (const [name, apply] of Object.entries(FUNCTIONS))
    all[name] = (doc, expression, options) => {
      demandCount(name, expression, COUNTS[name]);
      const value = evaluate(doc, expression, options);
      return apply(Array.isArray(expression) ? (value as unknown[]) : [value]);
    };
  for (const [name, apply] of Object.entries(UNARY))
    all[name] = (doc, expression, options) => apply(evaluate(doc, alone(name, expression), options));
  for (const [name, apply] of Object.entries(DATES))
    all[name] = (doc, expression, options) => apply(fieldsOf(doc, alone(name, expression), options, evaluate));
  for (const [name, apply] of Object.entries({ ...REGEXES, ...TRIMS }))
    all[name] = (doc, expression, options) => apply(name, fieldsOf(doc, expression, options, evaluate));
  for (const [name, fold] of Object.entries(FOLDS))
    all[name] = (doc, expression, options) => {
      if (Array.isArray(doc)) return ACCUMULATORS[name]!(doc, expression, (one, of) => evaluate(one, of, options));
      const value = evaluate(
        doc,
        Array.isArray(expression) && expression.length === 1 ? expression[0] : expression,
        options,
      );
      return fold(Array.isArray(value) ? value : [value]);
    };
  return Object.assign(all, lazy(evaluate));
}

/** `{ $op: [x] }` says the same as `{ $op: x }` where there is one operand. */
function alone(name: string, expression: unknown): unknown {
  demandCount(name, expression, [1, 1]);
  return Array.isArray(expression) ? expression[0] : expression;
}

/** How many operands there have to be; any number where nothing is said. */
const COUNTS: Record<string, readonly [least: number, most: number]> = {
  ...Object.fromEntries(
    '$subtract $divide $mod $pow $log $atan2 $cmp $eq $ne $gt $gte $lt $lte $arrayElemAt $in $setDifference $setIsSubset $split $strcasecmp'
      .split(' ')
      .map((name) => [name, [2, 2]]),
  ),
  $round: [1, 2],
  $trunc: [1, 2],
  $slice: [2, 3],
  $range: [2, 3],
  $substr: [3, 3],
  $substrBytes: [3, 3],
  $substrCP: [3, 3],
  $indexOfArray: [2, 4],
  $indexOfBytes: [2, 4],
  $indexOfCP: [2, 4],
};

function demandCount(name: string, expression: unknown, bounds: readonly [number, number] | undefined): void {
  if (!bounds) return;
  const [least, most] = bounds;
  const given = list(expression).length;
  if (given >= least && given <= most) return;
  throw least === most
    ? new CommandError(16020, `Expression ${name} takes exactly ${least} arguments. ${given} were passed in.`)
    : new CommandError(
        28667,
        `Expression ${name} takes at least ${least} arguments, and at most ${most}, but ${given} were passed in.`,
      );
}

/** Of an operator that takes named operands, or the date alone. */
function fieldsOf(doc: unknown, operand: unknown, options: unknown, evaluate: Operator): Document {
  if (!isDocument(operand) || isOperation(operand)) return { date: evaluate(doc, operand, options) };
  return Object.fromEntries(Object.entries(operand).map(([name, of]) => [name, evaluate(doc, of, options)]));
}

/** Operators of mingo that evaluate parts of their operand themselves. */
const DIRECT = ['$literal', '$let', '$reduce', '$getField', '$setField', '$unsetField'];
/** Their codes where `input` is of the wrong type. */
const INPUT_CODES: Record<string, number> = { $reduce: 40080, $setField: 4161105, $unsetField: 4161105 };

function withInputCode(name: string, operator: Operator): Operator {
  const code = INPUT_CODES[name];
  if (code === undefined) return operator;
  return (doc, expression, options) => {
    try {
      return operator(doc, expression, options);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw /^\$\w+ 'input'/.test(message) ? new CommandError(code, message) : error;
    }
  };
}

/** mingo's others, with MongoDB's codes where an operand is of the wrong type. Source: its expression.cpp. */
const CODES: Record<string, number> = {
  $replaceAll: 51746,
  $replaceOne: 51746,
  $rand: 3040501,
};

function throughPlain(name: string, operator: Operator, evaluate: Operator): Operator {
  const literal = (value: unknown) => ({ $literal: plain(value) });
  return (doc, expression, options) => {
    const args = evaluate(doc, expression, options);
    const given =
      isDocument(args) && isDocument(expression) && !isOperation(expression)
        ? Object.fromEntries(Object.entries(args).map(([key, value]) => [key, literal(value)]))
        : literal(args);
    try {
      return operator(doc, given, options);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(CODES[name]!, error instanceof Error ? error.message : String(error));
    }
  };
}

const isOperation = (expression: Document) => Object.keys(expression)[0]?.[0] === '$';

const comparison =
  (answer: (order: number) => unknown): Function =>
  ([a, b]) =>
    answer(Buffer.compare(orderOf(a), orderOf(b)));

const FUNCTIONS: Record<string, Function> = {
  $add: add,
  $subtract: subtract,
  $multiply: multiply,
  $divide: divide,
  $mod: modulo,
  $pow: power,
  $round: roundOrTrunc('round'),
  $trunc: roundOrTrunc('trunc'),
  $cmp: comparison((order) => order),
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  ...ARRAYS,
  ...TEXTS,
  ...MATHEMATICS,
};

const UNARY: Record<string, (value: unknown) => unknown> = {
  ...CONVERSIONS,
  ...UNARY_ARRAYS,
  ...UNARY_TEXTS,
  ...UNARY_MATHEMATICS,
  $abs: absolute,
  $ceil: ceilOrFloor('ceil'),
  $floor: ceilOrFloor('floor'),
  $not: (value) => !isTruthy(value),
  $type: (value) => nameOfType(value),
  $isNumber: isNumber,
  $isArray: (value) => Array.isArray(value),
  $convert: (value) => convert(value as Document),
  $median: (value) => percentilesOf(value, [0.5])[0],
  $percentile: (value) => percentilesOf(value),
};

function percentilesOf(operand: unknown, places?: readonly number[]): unknown[] {
  const { input } = demandedPercentile(operand);
  return percentiles(list(input), places ?? placesOf((operand as Document)['p']));
}

/** These are accumulators where documents are grouped, and work on an array, or one value, elsewhere. */
const FOLDS: Record<string, (values: readonly unknown[]) => unknown> = {
  $sum: sum,
  $avg: average,
  $min: (values) => extreme(values, -1),
  $max: (values) => extreme(values, 1),
  $stdDevPop: (values) => deviation(values, false),
  $stdDevSamp: (values) => deviation(values, true),
};
