import { type Document, Long } from 'bson';
import { CommandError } from '../errors.js';
import { fieldPath } from '../field-path.js';
import { isDocument, numberOf } from '../numeric.js';
import { ACCUMULATORS, type Of } from './accumulators.js';
import { engine, expressionOf, guarded, optionsOf, refuseScripts } from './engine.js';
import { flattened, putField, setComputed, setField, valueAt, without } from './fields.js';
import type { Scope, Stage } from './scope.js';
import { encode, isNullish, keyText, promoted, promotedConstant, whole } from './values.js';

/** The number of $skip and $limit. @throws CommandError when it is not whole, or too small */
export function size(name: string, operand: unknown, least: 0 | 1): number {
  const number = numberOf(operand);
  if (number === undefined || !Number.isInteger(number) || number < 0)
    throw new CommandError(
      name === '$limit' ? 5107201 : 5107200,
      `invalid argument to ${name} stage: Expected a non-negative number in: ${name}: ${number}`,
    );
  if (number < least) throw new CommandError(15958, 'the limit must be positive');
  return number;
}

function* each(documents: Iterable<Buffer>, change: (doc: Document) => Document): Generator<Buffer> {
  for (const raw of documents) yield encode(change(promoted(raw)));
}

export const addFields: Stage = (documents, operand, { variables }) => {
  if (!isDocument(operand)) throw new CommandError(40272, '$addFields specification stage must be an object');
  const entries = flattened(operand);
  for (const [path, expression] of entries) {
    if (isDocument(expression) && Object.keys(expression).length === 0)
      throw new CommandError(40180, `an empty object is not a valid value. Found empty object at path ${path}`);
    const inner = entries.find(([other]) => other.startsWith(`${path}.`));
    if (inner)
      throw new CommandError(
        40176,
        `specification contains two conflicting paths. Cannot specify both '${path}' and '${inner[0]}'`,
      );
  }
  const fields = entries.map(([path, expression]) => ({
    steps: fieldPath(path),
    value: expressionOf(expression, variables),
  }));
  return each(documents, (doc) =>
    fields.reduce((changed, { steps, value }) => setComputed(changed, steps, () => value(doc)) as Document, doc),
  );
};

export const replaceRoot: Stage = (documents, operand, { variables }) => {
  const root = expressionOf(operand, variables);
  return each(documents, (doc) => {
    const value = root(doc);
    if (!isDocument(value)) throw new CommandError(40228, "'newRoot' expression must evaluate to an object");
    return value;
  });
};

export const count: Stage = (documents, operand) => {
  if (typeof operand !== 'string') throw new CommandError(40156, 'the count field must be a non-empty string');
  if (operand === '') throw new CommandError(40156, 'the count field must be a non-empty string');
  if (operand[0] === '$') throw new CommandError(40158, 'the count field cannot be a $-prefixed path');
  if (operand.includes('.')) throw new CommandError(40160, "the count field cannot contain '.'");
  return counted(documents, (n) => ({ [operand]: n }));
};

function* counted(documents: Iterable<Buffer>, toDocument: (n: unknown) => Document): Generator<Buffer> {
  let n = 0;
  for (const _ of documents) n++;
  if (n > 0) yield encode(toDocument(whole(n)));
}

export const unwind: Stage = (documents, operand) => {
  if (!isDocument(operand) && typeof operand !== 'string')
    throw new CommandError(15981, 'expected either a string or an object as specification for $unwind stage');
  const spec = isDocument(operand) ? operand : { path: operand };
  const { path, includeArrayIndex: place, preserveNullAndEmptyArrays: preserve, ...others } = spec;
  for (const name in others) throw new CommandError(28811, `unrecognized option to $unwind stage: ${name}`);
  if (path === undefined) throw new CommandError(28812, 'no path specified to $unwind stage');
  if (typeof path !== 'string') throw new CommandError(28808, 'expected a string as the path for $unwind stage');
  if (path[0] !== '$' || path.length < 2)
    throw new CommandError(28818, `path option to $unwind stage should be prefixed with a '$': ${path}`);
  if (place !== undefined && (typeof place !== 'string' || place === '' || place[0] === '$'))
    throw new CommandError(
      typeof place === 'string' && place !== '' ? 28822 : 28810,
      'includeArrayIndex option to $unwind stage must be a field path',
    );
  if (preserve !== undefined && typeof preserve !== 'boolean')
    throw new CommandError(28809, 'preserveNullAndEmptyArrays option to $unwind stage must be a boolean');
  return unwound(
    documents,
    fieldPath(path.slice(1)),
    place === undefined ? undefined : fieldPath(place as string),
    preserve ?? false,
  );
};

function* unwound(
  documents: Iterable<Buffer>,
  steps: readonly string[],
  place: readonly string[] | undefined,
  preserve: boolean,
): Generator<Buffer> {
  const path = steps.join('.');
  const at = (doc: Document, index: number | null) =>
    place === undefined ? doc : putField(doc, place, index === null ? null : Long.fromNumber(index));
  for (const raw of documents) {
    const doc = promoted(raw);
    const value = valueAt(doc, path);
    if (!Array.isArray(value)) {
      if (!isNullish(value) || preserve) yield encode(at(doc, null));
    } else if (value.length === 0) {
      if (preserve) yield encode(at(without(doc, steps) as Document, null));
    } else for (const [index, item] of value.entries()) yield encode(at(setField(doc, steps, item) as Document, index));
  }
}

/** One accumulator of $group, $bucket or a window: its operator, compiled for a scope. */
export function accumulatorOf(
  name: string,
  spec: unknown,
  { variables }: Scope,
): (docs: readonly Document[]) => unknown {
  if (!isDocument(spec)) throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
  const [[operator, operand] = ['', undefined]] = Object.entries(spec);
  if (Object.keys(spec).length !== 1) throw new CommandError(40238, `The field '${name}' must specify one accumulator`);
  refuseScripts(spec);
  const compiled = new Map([[operand, expressionOf(operand, variables)]]);
  const of: Of = (doc, expression) => {
    const evaluate = compiled.get(expression) ?? expressionOf(expression, variables);
    compiled.set(expression, evaluate);
    return evaluate(doc);
  };
  if (Object.hasOwn(ACCUMULATORS, operator)) return (docs) => ACCUMULATORS[operator]!(docs, operand, of);
  const accumulate = engine().accumulators[operator];
  if (!accumulate || operator[0] !== '$') throw new CommandError(15952, `unknown group operator '${operator}'`);
  return (docs) => guarded(() => accumulate([...docs], promotedConstant(operand), optionsOf(variables)));
}

/** The fields of each group beside its `_id`. */
export const accumulatorsOf = (fields: Document, scope: Scope): Fields =>
  Object.entries(fields).map(([name, spec]) => {
    if (name === '_id') throw new CommandError(15948, "a group's _id may only be specified once");
    if (name.includes('.')) throw new CommandError(40235, `The field name '${name}' cannot contain '.'`);
    if (name[0] === '$') throw new CommandError(40236, `The field name '${name}' cannot be an operator name`);
    return [name, accumulatorOf(name, spec, scope)] as const;
  });

export const group: Stage = (documents, operand, scope) => {
  if (!isDocument(operand)) throw new CommandError(15947, "a group's fields must be specified in an object");
  if (!Object.hasOwn(operand, '_id')) throw new CommandError(15955, 'a group specification must include an _id');
  const { _id, ...rest } = operand;
  const only = Object.entries(rest);
  const fields = accumulatorsOf(rest, scope);
  // What countDocuments of every driver sends.
  if (
    (_id === null || numberOf(_id) !== undefined) &&
    only.length === 1 &&
    isDocument(only[0]![1]) &&
    Object.keys(only[0]![1]).length === 1 &&
    numberOf(only[0]![1]['$sum']) === 1
  )
    return counted(documents, (n) => ({ _id: promotedConstant(_id), [only[0]![0]]: n }));
  const key = expressionOf(isDocument(_id) && Object.keys(_id).length === 1 ? withNull(_id) : _id, scope.variables);
  return grouped(documents, key, fields);
};

/** The one field of an `_id` is null where it is missing; of several, missing ones are left out. */
function withNull(id: Document): Document {
  const [name, expression] = Object.entries(id)[0]!;
  return name[0] === '$' ? id : { [name]: { $ifNull: [expression, null] } };
}

type Fields = readonly (readonly [name: string, accumulate: (docs: readonly Document[]) => unknown])[];

export function* grouped(
  documents: Iterable<Buffer>,
  key: (doc: unknown) => unknown,
  fields: Fields,
): Generator<Buffer> {
  const groups = new Map<string, { id: unknown; docs: Document[] }>();
  for (const raw of documents) {
    const doc = promoted(raw);
    const id = key(doc) ?? null;
    const name = keyText(id);
    const found = groups.get(name);
    if (found) found.docs.push(doc);
    else groups.set(name, { id, docs: [doc] });
  }
  for (const { id, docs } of groups.values()) yield encode({ _id: id, ...valuesOf(fields, docs) });
}

export const valuesOf = (fields: Fields, docs: readonly Document[]): Document =>
  Object.fromEntries(fields.map(([name, accumulate]) => [name, accumulate(docs)]));

export const documents: Stage = (_documents, operand, { variables }) => {
  const given = expressionOf(operand, variables)({});
  if (!Array.isArray(given)) throw new CommandError(5858203, '$documents needs an array of documents');
  return given.map((doc) => {
    if (!isDocument(doc)) throw new CommandError(40228, '$documents needs an array of documents');
    return encode(doc);
  });
};

export const sample: Stage = (documents, operand) => {
  if (!isDocument(operand)) throw new CommandError(28745, 'the $sample stage specification must be an object');
  if (operand['size'] === undefined) throw new CommandError(28749, '$sample stage must specify a size');
  const wanted = numberOf(operand['size']);
  if (wanted === undefined) throw new CommandError(28746, 'size argument to $sample must be a number');
  if (!(wanted >= 1)) throw new CommandError(28747, 'size argument to $sample must be a positive integer');
  const kept: Buffer[] = [];
  let seen = 0;
  // Reservoir sampling: every document is as likely as any other, and no more are held than are wanted.
  for (const raw of documents) {
    if (kept.length < wanted) kept.push(raw);
    else {
      const at = Math.floor(Math.random() * (seen + 1));
      if (at < wanted) kept[at] = raw;
    }
    seen++;
  }
  return kept;
};

const VERDICTS = ['$$KEEP', '$$PRUNE', '$$DESCEND'];

export const redact: Stage = (documents, operand, { variables }) =>
  redacted(documents, expressionOf(operand, variables));

function* redacted(documents: Iterable<Buffer>, verdict: (doc: unknown) => unknown): Generator<Buffer> {
  for (const raw of documents) {
    const kept = descended(promoted(raw), verdict);
    if (kept !== undefined) yield encode(kept as Document);
  }
}

function descended(value: unknown, verdict: (doc: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => descended(item, verdict)).filter((item) => item !== undefined);
  if (!isDocument(value)) return value;
  const said = verdict(value);
  if (!VERDICTS.includes(said as string))
    throw new CommandError(17053, '$redact must return one of $$KEEP, $$PRUNE and $$DESCEND');
  if (said === '$$PRUNE') return undefined;
  if (said === '$$KEEP') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, descended(inner, verdict)]));
}
