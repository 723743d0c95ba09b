import type { Document } from 'bson';
import { CommandError, refuseOthers } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { inOrder } from '../sort.js';
import { ACCUMULATORS } from './accumulators.js';
import { nameOfType } from './arithmetic.js';
import { later, unitOf } from './dates.js';
import { engine, expressionOf, guarded, optionsOf, refuseScripts } from './engine.js';
import { setField, valueAt } from './fields.js';
import type { Scope, Stage } from './scope.js';
import { accumulatorOf } from './stages.js';
import { double, encode, isNullish, isNumber, keyText, orderOf, plain, promoted, promotedConstant } from './values.js';

/** The value of an output for the document at a place of its partition. */
type Output = (docs: readonly Document[], at: number) => unknown;

export const setWindowFields: Stage = (documents, operand, scope) => {
  if (!isDocument(operand)) throw new CommandError(9, 'the $setWindowFields stage specification must be an object');
  const { partitionBy = null, sortBy, output, ...others } = operand;
  refuseOthers('$setWindowFields', others);
  if (output === undefined)
    throw new CommandError(40414, "BSON field '$setWindowFields.output' is missing but a required field");
  if (!isDocument(output)) throw new CommandError(14, "BSON field '$setWindowFields.output' is not an object");
  const by = expressionOf(partitionBy, scope.variables);
  const outputs = Object.entries(output).map(([path, spec]) => ({
    steps: path.split('.'),
    value: outputOf(path, spec, sortBy, scope),
  }));
  return windowed(documents, by, sortBy, outputs);
};

function* windowed(
  documents: Iterable<Buffer>,
  by: (doc: unknown) => unknown,
  sortBy: unknown,
  outputs: readonly { steps: string[]; value: Output }[],
): Generator<Buffer> {
  const partitions = new Map<string, Document[]>();
  for (const raw of documents) {
    const doc = promoted(raw);
    const key = orderOf(by(doc) ?? null).toString('latin1');
    const partition = partitions.get(key);
    if (partition) partition.push(doc);
    else partitions.set(key, [doc]);
  }
  for (const [, unsorted] of [...partitions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const docs = sortBy === undefined ? unsorted : inOrder(unsorted, sortBy);
    for (const [at, doc] of docs.entries())
      yield encode(
        outputs.reduce((changed, { steps, value }) => setField(changed, steps, value(docs, at)) as Document, doc),
      );
  }
}

function outputOf(path: string, spec: unknown, sortBy: unknown, scope: Scope): Output {
  if (!isDocument(spec)) throw new CommandError(9, `The field '${path}' must be an object`);
  const { window, ...rest } = spec;
  const [[name, operand] = ['', undefined]] = Object.entries(rest);
  const gap = Object.hasOwn(GAPS, name) ? GAPS[name] : undefined;
  if (gap) {
    if (window !== undefined) throw new CommandError(9, `${name} takes no window`);
    return gap(sortBy, operand, scope);
  }
  const ranked = Object.hasOwn(RANKS, name) ? RANKS[name] : undefined;
  if (ranked) {
    if (!isDocument(sortBy))
      throw new CommandError(5371602, `${name} must be specified with a top level sortBy expression`);
    if (window !== undefined)
      throw new CommandError(5371601, `Rank style window functions take no other arguments: ${name}`);
    return ranked(sortBy, operand, scope);
  }
  if (window !== undefined && !isDocument(window)) throw new CommandError(9, "'window' field must be an object");
  const bounds = boundsOf(window, sortBy);
  if (Object.hasOwn(ACCUMULATORS, name)) {
    const accumulate = accumulatorOf(path, rest, scope);
    return (docs, at) => accumulate(docs.slice(...bounds(docs, at)));
  }
  refuseScripts(rest);
  const { windows } = engine();
  if (!Object.hasOwn(windows, name)) {
    if (!Object.hasOwn(engine().accumulators, name)) throw new CommandError(9, `Unrecognized window function, ${name}`);
    const accumulate = accumulatorOf(path, rest, scope);
    return (docs, at) => inDoubles(name, accumulate(docs.slice(...bounds(docs, at))));
  }
  const inputExpr = promotedConstant(operand);
  const parentExpr = promotedConstant({ sortBy: sortBy ?? {} });
  return (docs, at) =>
    guarded(() => {
      const value = windows[name]!(
        docs[at],
        docs.slice(...bounds(docs, at)),
        { parentExpr, inputExpr, documentNumber: at + 1, field: path },
        optionsOf(scope.variables),
      );
      return inDoubles(name, value);
    });
}

/** mingo's windows whose numbers are doubles even when they are whole. */
const DOUBLES = new Set(['$covariancePop', '$covarianceSamp', '$derivative', '$integral']);
const inDoubles = (name: string, value: unknown) =>
  typeof value === 'number' && DOUBLES.has(name) ? double(value) : value;

/** Rank and its like do not look at values beyond the order. */
const RANKS: Record<string, (sortBy: Document, operand: unknown, scope: Scope) => Output> = {
  $documentNumber: () => (_docs, at) => at + 1,
  $rank: (sortBy) => (docs, at) => {
    let first = at;
    while (first > 0 && keyOf(docs[first - 1]!, sortBy) === keyOf(docs[at]!, sortBy)) first--;
    return first + 1;
  },
  $denseRank: (sortBy) => (docs, at) => new Set(docs.slice(0, at + 1).map((doc) => keyOf(doc, sortBy))).size,
  $shift: (_sortBy, operand, { variables }) => {
    const { output, by, default: otherwise = null } = operand as Document;
    const value = expressionOf(output, variables);
    const missing = expressionOf(otherwise, variables);
    return (docs, at) => {
      const there = docs[at + numberOf(by)!];
      return there && at + numberOf(by)! >= 0 ? (value(there) ?? null) : missing({});
    };
  },
};

/** The values of a whole partition, which are worked out once for all its documents. */
const oncePerPartition = (work: (docs: readonly Document[]) => readonly unknown[]): Output => {
  const done = new WeakMap<object, readonly unknown[]>();
  return (docs, at) => {
    const values = done.get(docs) ?? work(docs);
    done.set(docs, values);
    return values[at];
  };
};

/** What stands for null and missing. */
const GAPS: Record<string, (sortBy: unknown, operand: unknown, scope: Scope) => Output> = {
  $locf: (_sortBy, operand, { variables }) => {
    const value = expressionOf(operand, variables);
    return oncePerPartition((docs) => {
      let last: unknown = null;
      return docs.map((doc) => (last = value(doc) ?? last));
    });
  },
  $linearFill: (sortBy, operand, { variables }) => {
    const [path, ...more] = isDocument(sortBy) ? Object.keys(sortBy) : [];
    if (path === undefined || more.length > 0)
      throw new CommandError(605001, '$linearFill must be specified with a top level sortBy expression of one field');
    const value = expressionOf(operand, variables);
    return oncePerPartition((docs) =>
      interpolated(
        docs.map(value),
        docs.map((doc) => numberAt(doc, path)),
      ),
    );
  },
};

/** Null before the first known value and after the last. */
function interpolated(values: readonly unknown[], places: readonly number[]): unknown[] {
  const known = values.flatMap((value, at) => (isNullish(value) ? [] : [at]));
  return values.map((value, at) => {
    if (!isNullish(value)) return value;
    const next = known.find((one) => one > at);
    const last = known.findLast((one) => one < at);
    if (next === undefined || last === undefined) return null;
    const [from, to] = [numberOf(values[last]), numberOf(values[next])];
    if (from === undefined || to === undefined) throw new CommandError(605000, '$linearFill fills numbers only');
    return double(from + ((to - from) * (places[at]! - places[last]!)) / (places[next]! - places[last]!));
  });
}

const numberAt = (doc: Document, path: string) => Number(plain(valueAt(doc, path)));

const keyOf = (doc: Document, sortBy: Document) =>
  keyText(Object.keys(sortBy).map((path) => valueAt(doc, path) ?? null));

/** @throws CommandError 9 for what is not two bounds, each 'current', 'unbounded' or a number (a whole one of documents) */
function demandBounds(bounds: unknown, ofDocuments: boolean): [unknown, unknown] {
  if (!Array.isArray(bounds) || bounds.length !== 2)
    throw new CommandError(9, 'Window bounds must be a 2-element array');
  for (const bound of bounds) {
    if (bound === 'current' || bound === 'unbounded') continue;
    const number = numberOf(bound);
    if (number === undefined || (ofDocuments && !Number.isInteger(number)))
      throw new CommandError(9, `Numeric ${ofDocuments ? 'document' : 'range'}-based bounds must be numbers: ${bound}`);
  }
  return [bounds[0], bounds[1]];
}

/** Where a window begins and where it ends (exclusive). */
function boundsOf(window: unknown, sortBy: unknown): (docs: readonly Document[], at: number) => [number, number] {
  const { documents, range, unit } = isDocument(window) ? window : {};
  const [low, high] = demandBounds(documents ?? range ?? ['unbounded', 'unbounded'], documents !== undefined);
  const open = low === 'unbounded' && high === 'unbounded';
  if (!open && !isDocument(sortBy)) throw new CommandError(5339901, 'Document-based bounds require a sortBy');
  if (documents !== undefined && typeof low !== 'string' && typeof high !== 'string' && offset(low) > offset(high))
    throw new CommandError(5339900, `Lower bound must not exceed upper bound: [${low}, ${high}]`);
  if (documents !== undefined || open)
    return (docs, at) => [
      low === 'unbounded' ? 0 : Math.max(0, at + offset(low)),
      high === 'unbounded' ? docs.length : Math.max(0, at + offset(high) + 1),
    ];
  const step = unit === undefined ? undefined : unitOf(unit);
  const [[path, way] = ['', 1], ...more] = Object.entries(sortBy as Document);
  if (more.length > 0 || numberOf(way) !== 1)
    throw new CommandError(5339902, 'Range-based bounds require sortBy a single ascending field');
  const placeOf = (doc: Document): number => {
    const value = valueAt(doc, path);
    if (step !== undefined && !(value instanceof Date))
      throw new CommandError(
        5429513,
        `Invalid range: Expected the sortBy field to be a Date, but it was ${nameOfType(value)}`,
      );
    if (step === undefined && !isNumber(value))
      throw new CommandError(
        5429414,
        `Invalid range: Expected the sortBy field to be a number, but it was ${nameOfType(value)}`,
      );
    return Number(plain(value));
  };
  const away = (here: number, bound: unknown) =>
    step === undefined ? here + offset(bound) : later(new Date(here), step, offset(bound)).getTime();
  return (docs, at) => {
    const here = placeOf(docs[at]!);
    const least = low === 'unbounded' ? Number.NEGATIVE_INFINITY : away(here, low);
    const greatest = high === 'unbounded' ? Number.POSITIVE_INFINITY : away(here, high);
    const from = docs.findIndex((doc) => placeOf(doc) >= least);
    if (from < 0) return [0, 0];
    let to = from;
    while (to < docs.length && placeOf(docs[to]!) <= greatest) to++;
    return [from, to];
  };
}

const offset = (bound: unknown) => (bound === 'current' ? 0 : numberOf(bound)!);
