import { type Document, Long } from 'bson';
import { badValue, CommandError } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { sortValues } from '../sort.js';
import { ACCUMULATORS, average, deviation, extreme, ordered, sum, unique } from './accumulators.js';
import { add, divide, modulo, multiply, nameOfType, power, roundTo, subtract } from './arithmetic.js';
import { CONVERSIONS, convert, toText } from './conversions.js';
import { double, isNullish, isNumber, isTruthy, keyText, orderOf, plain } from './values.js';

/** An operator as mingo calls it; `obj` is a document, or the documents of a group. */
export type Operator = (obj: unknown, expression: unknown, options: unknown) => unknown;
type Operators = Record<string, Operator>;
/** What is left of an operator once its operands are evaluated. */
type Function = (args: readonly unknown[]) => unknown;

/**
 * Expressions whose result depends on types, equality or order: mingo's know JavaScript's, these MongoDB's. mingo's others are
 * given plain numbers, and what they answer gets its type back.
 */
export function operators(evaluate: Operator, mingo: Operators): Operators {
  const all: Operators = {};
  for (const [name, operator] of Object.entries(mingo))
    all[name] = DIRECT.has(name) ? operator : throughPlain(name, operator, evaluate);
  for (const [name, apply] of Object.entries(FUNCTIONS))
    all[name] = (doc, expression, options) => apply(list(evaluate(doc, expression, options)));
  for (const [name, apply] of Object.entries(UNARY))
    all[name] = (doc, expression, options) => apply(evaluate(doc, alone(expression), options));
  for (const [name, fold] of Object.entries(FOLDS))
    all[name] = (doc, expression, options) => {
      if (Array.isArray(doc)) return ACCUMULATORS[name]!(doc, expression, (one, of) => evaluate(one, of, options));
      const value = evaluate(doc, alone(expression), options);
      return fold(Array.isArray(value) ? value : [value]);
    };
  return Object.assign(all, lazy(evaluate));
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
/** `{ $op: [x] }` says the same as `{ $op: x }` where there is one operand. */
const alone = (expression: unknown): unknown =>
  Array.isArray(expression) && expression.length === 1 ? expression[0] : expression;

/** Operators of mingo that evaluate parts of their operand themselves, or do not look into values. */
const DIRECT = new Set([
  '$literal',
  '$let',
  '$map',
  '$reduce',
  '$getField',
  '$setField',
  '$unsetField',
  '$mergeObjects',
  '$function',
]);
const DOUBLES = new Set(
  '$sqrt $exp $ln $log $log10 $sin $cos $tan $asin $acos $atan $atan2 $sinh $cosh $tanh $asinh $acosh $atanh $degreesToRadians $radiansToDegrees $rand $median $percentile'.split(
    ' ',
  ),
);
const LONGS = new Set(['$dateDiff', '$isoWeekYear', '$tsIncrement', '$tsSecond']);
const UNARY_OF_MINGO = new Set(
  '$sqrt $exp $ln $log10 $sin $cos $tan $asin $acos $atan $sinh $cosh $tanh $asinh $acosh $atanh $degreesToRadians $radiansToDegrees $objectToArray $strLenCP $strLenBytes $bitNot $year $month $dayOfMonth $dayOfWeek $dayOfYear $hour $minute $second $millisecond $week $isoWeek $isoWeekYear $isoDayOfWeek'.split(
    ' ',
  ),
);
/** MongoDB's codes where an operand is of the wrong type. Source: its expression.cpp. */
const CODES: Record<string, number> = {
  $concat: 16702,
  $split: 40085,
  $strLenCP: 34471,
  $strLenBytes: 34473,
  $objectToArray: 40390,
  $substrBytes: 16034,
  $substrCP: 34450,
  $sqrt: 28765,
  $exp: 28765,
  $ln: 28765,
  $log10: 28765,
  $log: 28756,
  $range: 34443,
  $zip: 34461,
  $trim: 50699,
  $ltrim: 50699,
  $rtrim: 50699,
  $regexMatch: 51104,
  $regexFind: 51104,
  $regexFindAll: 51104,
  $replaceAll: 51746,
  $replaceOne: 51746,
  $indexOfBytes: 40091,
  $indexOfCP: 40093,
  $year: 16006,
  $month: 16006,
  $dayOfMonth: 16006,
  $dayOfWeek: 16006,
  $dayOfYear: 16006,
  $hour: 16006,
  $minute: 16006,
  $second: 16006,
  $millisecond: 16006,
  $week: 16006,
  $isoWeek: 16006,
  $isoWeekYear: 16006,
  $isoDayOfWeek: 16006,
  $dateToString: 16006,
};

function throughPlain(name: string, operator: Operator, evaluate: Operator): Operator {
  const literal = (value: unknown) => ({ $literal: plain(value) });
  return (doc, expression, options) => {
    const args = evaluate(doc, UNARY_OF_MINGO.has(name) ? alone(expression) : expression, options);
    const given =
      isDocument(args) && isDocument(expression) && !isOperation(expression)
        ? Object.fromEntries(Object.entries(args).map(([key, value]) => [key, literal(value)]))
        : Array.isArray(args) && Array.isArray(expression)
          ? args.map(literal)
          : literal(args);
    if (REGEX.has(name)) demandText(name, args);
    let value: unknown;
    try {
      value = operator(doc, given, options);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      throw new CommandError(CODES[name] ?? 2, error instanceof Error ? error.message : String(error));
    }
    if (typeof value !== 'number') return value;
    return DOUBLES.has(name) ? double(value) : LONGS.has(name) ? Long.fromNumber(value) : value;
  };
}

const REGEX = new Set(['$regexMatch', '$regexFind', '$regexFindAll']);

function demandText(name: string, args: unknown): void {
  const input = isDocument(args) ? args['input'] : undefined;
  if (!isNullish(input) && typeof input !== 'string')
    throw new CommandError(51104, `${name} needs 'input' to be of type string`);
}

const isOperation = (expression: Document) => Object.keys(expression)[0]?.[0] === '$';

const comparison =
  (answer: (order: number) => unknown): Function =>
  ([a, b]) =>
    answer(Buffer.compare(orderOf(a), orderOf(b)));

function arrays(name: string, code: number, args: readonly unknown[]): unknown[][] | null {
  if (args.some(isNullish)) return null;
  for (const arg of args)
    if (!Array.isArray(arg))
      throw new CommandError(code, `${name} requires arrays, one argument is of type ${nameOfType(arg)}`);
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

function within([value, array]: readonly unknown[]): boolean {
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
  const sets = arrays('$setDifference', 17048, args);
  if (!sets) return null;
  const gone = keySet(sets[1]!);
  return unique(sets[0]!).filter((item) => !gone.has(keyText(item)));
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

function elementsOf(name: string, code: number, value: unknown): unknown[] {
  if (!Array.isArray(value))
    throw new CommandError(code, `${name}'s argument must be an array, but is ${nameOfType(value)}`);
  return stated(value);
}

function toArrayOf(name: string, value: unknown, code: number): unknown[] | null {
  return isNullish(value) ? null : elementsOf(name, code, value);
}

function objectOf(items: readonly unknown[]): Document {
  return Object.fromEntries(
    items.map((item) => {
      const [k, v = null] = Array.isArray(item) ? item : isDocument(item) ? [item['k'], item['v']] : [];
      if (typeof k !== 'string')
        throw new CommandError(40392, '$arrayToObject requires an array of [k, v] pairs or of { k, v } documents');
      return [k, v];
    }),
  );
}

const FUNCTIONS: Record<string, Function> = {
  $add: add,
  $subtract: subtract,
  $multiply: multiply,
  $divide: divide,
  $mod: modulo,
  $pow: power,
  $round: ([value, place]) => roundTo('round', value ?? null, place === undefined ? 0 : place),
  $trunc: ([value, place]) => roundTo('trunc', value ?? null, place === undefined ? 0 : place),
  $cmp: comparison((order) => order),
  $eq: comparison((order) => order === 0),
  $ne: comparison((order) => order !== 0),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $arrayElemAt: elementAt,
  $in: within,
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
};

const UNARY: Record<string, (value: unknown) => unknown> = {
  ...CONVERSIONS,
  $abs: (value) => roundTo('abs', value),
  $ceil: (value) => roundTo('ceil', value),
  $floor: (value) => roundTo('floor', value),
  $not: (value) => !isTruthy(value),
  $type: (value) => nameOfType(value),
  $isNumber: isNumber,
  $isArray: (value) => Array.isArray(value),
  $size: size,
  $reverseArray: (value) => toArrayOf('$reverseArray', value, 34435)?.toReversed() ?? null,
  $first: (value) => (isNullish(value) ? null : elementsOf('$first', 28689, value)[0]),
  $last: (value) => (isNullish(value) ? null : elementsOf('$last', 28689, value).at(-1)),
  $allElementsTrue: (value) => elementsOf('$allElementsTrue', 17040, value).every(isTruthy),
  $anyElementTrue: (value) => elementsOf('$anyElementTrue', 17041, value).some(isTruthy),
  $toUpper: (value) => (isNullish(value) ? '' : toText(value).replace(/[a-z]/g, (letter) => letter.toUpperCase())),
  $toLower: (value) => (isNullish(value) ? '' : toText(value).replace(/[A-Z]/g, (letter) => letter.toLowerCase())),
  $objectToArray: (value) => {
    if (isNullish(value)) return null;
    if (!isDocument(value))
      throw new CommandError(40390, `$objectToArray requires a document input, found: ${nameOfType(value)}`);
    return Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .map(([k, v]) => ({ k, v }));
  },
  $arrayToObject: (value) => toArrayOf('$arrayToObject', value, 40386) && objectOf(value as unknown[]),
  $convert: (value) => convert(value as Document),
  $sortArray: (value) => {
    const { input, sortBy } = value as Document;
    const items = toArrayOf('$sortArray', input, 2942504);
    return items && sortValues(items, sortBy);
  },
};

/** These are accumulators where documents are grouped, and work on an array, or one value, elsewhere. */
const FOLDS: Record<string, (values: readonly unknown[]) => unknown> = {
  $sum: sum,
  $avg: average,
  $min: (values) => extreme(values, -1),
  $max: (values) => extreme(values, 1),
  $stdDevPop: (values) => deviation(values, false),
  $stdDevSamp: (values) => deviation(values, true),
};

/** Operators that do not evaluate everything they are given. */
function lazy(evaluate: Operator): Operators {
  const some = (doc: unknown, expression: unknown, options: unknown, wanted: boolean) =>
    list(expression).some((one) => isTruthy(evaluate(doc, one, options)) === wanted);
  const limited =
    (name: string, take: (items: unknown[], n: number) => unknown[]): Operator =>
    (doc, expression, options) => {
      const operand = expression as Document;
      if (Array.isArray(doc)) return ACCUMULATORS[name]!(doc, expression, (one, of) => evaluate(one, of, options));
      const items = evaluate(doc, operand['input'], options);
      const n = numberOf(evaluate(doc, operand['n'], options));
      if (n === undefined || !Number.isInteger(n) || n < 1)
        throw new CommandError(5787908, "'n' must be greater than 0");
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
        // An object: mingo would take an item that is an operator's name, or a path, for an expression.
        if (isTruthy(evaluate(doc, { $let: { vars: { [as]: { $literal: item } }, in: cond } }, options)))
          kept.push(item);
      }
      return kept;
    },
    $slice: (doc, expression, options) => {
      const [array, ...rest] = evaluate(doc, expression, options) as unknown[];
      const [a, b] = rest.map(numberOf);
      if (isNullish(array) || rest.some(isNullish)) return null;
      const items = elementsOf('$slice', 28724, array);
      if (b === undefined) return a! < 0 ? items.slice(a) : items.slice(0, a);
      if (b <= 0) throw new CommandError(28729, `Third argument to $slice must be positive: ${b}`);
      const from = a! < 0 ? Math.max(0, items.length + a!) : a!;
      return items.slice(from, from + b);
    },
    $firstN: limited('$firstN', (items, n) => items.slice(0, n)),
    $lastN: limited('$lastN', (items, n) => items.slice(-n)),
    $minN: limited('$minN', (items, n) => ordered(items, -1).slice(0, n)),
    $maxN: limited('$maxN', (items, n) => ordered(items, 1).slice(0, n)),
    $range: (doc, expression, options) => {
      const [start, end, step = 1] = (evaluate(doc, expression, options) as unknown[]).map(numberOf);
      if (start === undefined || end === undefined)
        throw new CommandError(34443, '$range requires numeric start and end');
      if (step === 0) throw new CommandError(34449, '$range requires a non-zero step value');
      if (Math.abs((end - start) / step) > 10_000_000) throw badValue('$range would be too long');
      const numbers: number[] = [];
      for (let i = start; step > 0 ? i < end : i > end; i += step) numbers.push(i);
      return numbers;
    },
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
