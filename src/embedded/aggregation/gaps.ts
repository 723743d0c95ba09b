import type { Document } from 'bson';
import { CommandError } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { calculate } from './arithmetic.js';
import { later } from './dates.js';
import { expressionOf } from './engine.js';
import { setField, valueAt } from './fields.js';
import type { Scope, Stage } from './scope.js';
import { addFields } from './stages.js';
import { encode, isNullish, isNumber, keyText, orderOf, promoted, promotedConstant } from './values.js';
import { setWindowFields } from './windows.js';

/** $fill is a $setWindowFields for its methods and a $set for its values, as MongoDB has it. */
export const fill: Stage = (documents, operand, scope) => {
  const { partitionBy, partitionByFields, sortBy, output } = operand as Document;
  if (!isDocument(output)) throw new CommandError(40414, "BSON field '$fill.output' is missing but a required field");
  if (partitionBy !== undefined && partitionByFields !== undefined)
    throw new CommandError(6050204, "Maximum one of 'partitionBy' and 'partitionByFields can be specified in '$fill'");
  const methods: Document = {};
  const values: Document = {};
  for (const [path, how] of Object.entries(output)) {
    if (!isDocument(how) || Object.keys(how).length !== 1)
      throw new CommandError(6050200, "Each fill output takes either 'value' or 'method'");
    if ('value' in how) values[path] = { $ifNull: [`$${path}`, how['value']] };
    else methods[path] = { [methodOf(how['method'])]: `$${path}` };
  }
  const by = Array.isArray(partitionByFields)
    ? Object.fromEntries(partitionByFields.map((path, i) => [`p${i}`, { $ifNull: [`$${path}`, null] }]))
    : partitionBy;
  const filled =
    Object.keys(methods).length === 0
      ? documents
      : setWindowFields(documents, { partitionBy: by ?? null, sortBy, output: methods }, scope);
  return Object.keys(values).length === 0 ? filled : addFields(filled, values, scope);
};

function methodOf(method: unknown): string {
  if (method === 'locf') return '$locf';
  if (method === 'linear') return '$linearFill';
  throw new CommandError(6050202, `Method must be either 'locf' or 'linear', found ${String(method)}`);
}

interface Row {
  readonly doc: Document;
  readonly value: unknown;
}

/** Adds documents where a field has gaps. Documents without the field come first, as they are. */
export const densify: Stage = (documents, operand, scope) => densified(documents, operand as Document, scope);

function* densified(documents: Iterable<Buffer>, operand: Document, scope: Scope): Generator<Buffer> {
  const { field, partitionByFields = [], range } = operand;
  if (field === undefined) throw new CommandError(40414, "BSON field '$densify.field' is missing but a required field");
  if (typeof field !== 'string' || field === '' || field[0] === '$')
    throw new CommandError(16410, '$densify needs the path of a field');
  const { step, unit, bounds } = demandRange(range);
  if (bounds === 'partition' && (partitionByFields as unknown[]).length === 0)
    throw new CommandError(
      5733408,
      "one may not specify the bounds as 'partition' without specifying partitionByFields",
    );
  const partitions = new Map<string, Row[]>();
  for (const raw of documents) {
    const doc = promoted(raw);
    const value = valueAt(doc, field);
    if (isNullish(value)) {
      yield raw;
      continue;
    }
    if (unit === undefined ? !isNumber(value) : !(value instanceof Date))
      throw new CommandError(6053600, `Densify field type must be ${unit === undefined ? 'numeric' : 'a date'}`);
    const key = keyText((partitionByFields as string[]).map((path) => valueAt(doc, path) ?? null));
    const rows = partitions.get(key);
    if (rows) rows.push({ doc, value });
    else partitions.set(key, [{ doc, value }]);
  }
  const next = (value: unknown, n: number): unknown =>
    unit === undefined
      ? calculate('add', value, calculate('multiply', step, n))
      : later(value as Date, unit, n * numberOf(step)!);
  for (const rows of partitions.values()) rows.sort((a, b) => compare(a.value, b.value));
  const all = [...partitions.values()];
  const [least, greatest] = [
    extremeOf(
      all.map((rows) => rows[0]!.value),
      -1,
    ),
    extremeOf(
      all.map((rows) => rows.at(-1)!.value),
      1,
    ),
  ];
  const explicit = Array.isArray(bounds)
    ? (bounds as unknown[]).map((bound) => expressionOf(bound, scope.variables)({}))
    : undefined;
  const groups = all.length === 0 && explicit ? [[]] : all;
  for (const rows of groups) {
    const low = explicit ? explicit[0] : bounds === 'full' ? least : rows[0]!.value;
    const high = explicit ? explicit[1] : bounds === 'full' ? greatest : rows.at(-1)!.value;
    yield* filledIn(rows, { low, high, inclusive: !explicit }, next, (value) =>
      made(rows[0]?.doc, field, value, partitionByFields),
    );
  }
}

function* filledIn(
  rows: readonly Row[],
  { low, high, inclusive }: { low: unknown; high: unknown; inclusive: boolean },
  next: (value: unknown, n: number) => unknown,
  make: (value: unknown) => Document,
): Generator<Buffer> {
  let at = 0;
  for (let n = 0; ; n++) {
    const value = next(low, n);
    const past = compare(value, high);
    if (inclusive ? past > 0 : past >= 0) break;
    while (at < rows.length && compare(rows[at]!.value, value) < 0) yield encode(rows[at++]!.doc);
    if (at < rows.length && compare(rows[at]!.value, value) === 0) {
      while (at < rows.length && compare(rows[at]!.value, value) === 0) yield encode(rows[at++]!.doc);
    } else yield encode(make(value));
    if (n >= MAX_MADE) throw new CommandError(5897900, 'Generated too many documents in $densify');
  }
  while (at < rows.length) yield encode(rows[at++]!.doc);
}

/** MongoDB's default of internalQueryMaxAllowedDensifyDocs. */
const MAX_MADE = 500_000;

function made(like: Document | undefined, field: string, value: unknown, partition: readonly string[]): Document {
  const doc = partition.reduce<Document>((made, path) => {
    const told = like && valueAt(like, path);
    return told === undefined ? made : (setField(made, path.split('.'), told) as Document);
  }, {});
  return setField(doc, field.split('.'), value) as Document;
}

const compare = (a: unknown, b: unknown) => Buffer.compare(orderOf(a), orderOf(b));
const extremeOf = (values: readonly unknown[], sign: 1 | -1) =>
  values.reduce((best, value) => (best === undefined || compare(value, best) * sign > 0 ? value : best), undefined);

function demandRange(range: unknown): { step: unknown; unit: string | undefined; bounds: unknown } {
  if (!isDocument(range)) throw new CommandError(40414, "BSON field '$densify.range' is missing but a required field");
  const { step, unit, bounds } = promotedConstant(range) as Document;
  if (!isNumber(step) || numberOf(step)! <= 0)
    throw new CommandError(
      5733401,
      'the step parameter in a range statement must be a strictly positive numeric value',
    );
  if (unit !== undefined && !Number.isInteger(numberOf(step)))
    throw new CommandError(6586400, 'a step parameter with a unit must be a whole number');
  if (bounds !== 'full' && bounds !== 'partition' && !(Array.isArray(bounds) && bounds.length === 2))
    throw new CommandError(
      5733403,
      "the bounds in a range statement must be the string 'full' or 'partition', or two values",
    );
  if (Array.isArray(bounds) && compare(bounds[0], bounds[1]) > 0)
    throw new CommandError(5733402, 'the bounds in a range statement must be an ascending array');
  return { step, unit: unit as string | undefined, bounds };
}
