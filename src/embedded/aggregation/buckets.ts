import type { Document } from 'bson';
import { CommandError, notSupported } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { constantValue, expressionOf } from './engine.js';
import type { Scope, Stage } from './scope.js';
import { accumulatorsOf, group, grouped, valuesOf } from './stages.js';
import { encode, orderOf, promoted } from './values.js';

export const sortByCount: Stage = (documents, operand, scope) => {
  const asked = isDocument(operand) ? Object.keys(operand)[0] : operand;
  if (typeof asked !== 'string' || asked[0] !== '$')
    throw new CommandError(
      isDocument(operand) ? 40147 : typeof operand === 'string' ? 40148 : 40149,
      'the sortByCount field must be defined as a $-prefixed path or an expression inside an object',
    );
  const groups = [...group(documents, { _id: operand, count: { $sum: 1 } }, scope)].map((raw) => ({
    raw,
    n: numberOf(promoted(raw)['count'])!,
  }));
  return groups.sort((a, b) => b.n - a.n).map(({ raw }) => raw);
};

const isExpression = (groupBy: unknown) =>
  (typeof groupBy === 'string' ? groupBy : isDocument(groupBy) ? Object.keys(groupBy)[0] : undefined)?.[0] === '$';

/** A constant may be written as an expression. @throws CommandError `code` for what is none */
function demandConstant(expression: unknown, code: number, what: string, variables: Document): unknown {
  const given = constantValue(expression, variables);
  if (given === undefined) throw new CommandError(code, `${what} must be constant`);
  return given;
}

/** The accumulators of each bucket. @throws CommandError `code` when they are no document */
function fieldsOf(output: unknown, code: number, scope: Scope) {
  if (!isDocument(output)) throw new CommandError(code, "The 'output' field must be an object");
  return accumulatorsOf(output, scope);
}

export const bucket: Stage = (documents, operand, scope) => {
  if (!isDocument(operand)) throw new CommandError(40201, 'The argument to $bucket must be an object');
  const { groupBy, boundaries, default: otherwise, output = { count: { $sum: 1 } }, ...others } = operand;
  for (const name in others) throw new CommandError(40197, `Unrecognized option to $bucket: ${name}`);
  if (groupBy === undefined || boundaries === undefined)
    throw new CommandError(40198, "$bucket requires 'groupBy' and 'boundaries' to be specified");
  if (!Array.isArray(boundaries)) throw new CommandError(40200, 'The $bucket boundaries field must be an array');
  if (boundaries.length < 2) throw new CommandError(40192, 'The $bucket boundaries field must have at least 2 values');
  if (!isExpression(groupBy))
    throw new CommandError(
      40202,
      "The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression, but found a constant",
    );
  const limits = boundaries.map((boundary) => {
    const value = demandConstant(boundary, 40191, "The $bucket 'boundaries'", scope.variables);
    return { value, key: orderOf(value) };
  });
  for (let i = 1; i < limits.length; i++) {
    if (limits[i - 1]!.key[0] !== limits[i]!.key[0])
      throw new CommandError(40193, 'All values in the boundaries option to $bucket must have the same type');
    if (Buffer.compare(limits[i - 1]!.key, limits[i]!.key) >= 0)
      throw new CommandError(40194, 'The boundaries option to $bucket must be sorted');
  }
  const [lowest, highest] = [limits[0]!.key, limits.at(-1)!.key];
  const other =
    otherwise === undefined ? undefined : demandConstant(otherwise, 40195, "The $bucket 'default'", scope.variables);
  if (other !== undefined && Buffer.compare(orderOf(other), lowest) >= 0 && Buffer.compare(orderOf(other), highest) < 0)
    throw new CommandError(
      40199,
      "The $bucket 'default' field must be less than the lowest boundary or greater than or equal to the highest boundary.",
    );
  const by = expressionOf(groupBy, scope.variables);
  const place = (doc: unknown) => {
    const key = orderOf(by(doc));
    const at = limits.findIndex(
      (_, i) =>
        i + 1 < limits.length &&
        Buffer.compare(limits[i]!.key, key) <= 0 &&
        Buffer.compare(key, limits[i + 1]!.key) < 0,
    );
    if (at >= 0) return limits[at]!.value;
    if (other === undefined)
      throw new CommandError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    return other;
  };
  const fields = fieldsOf(output, 40196, scope);
  return [...grouped(documents, place, fields)]
    .map((raw) => ({ raw, key: orderOf(promoted(raw)['_id']) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ raw }) => raw);
};

const MOST_BUCKETS = 2 ** 31 - 1;

/** As many documents a bucket as there are buckets; equal values stay together, and a bucket ends where the next begins. */
export const bucketAuto: Stage = (documents, operand, scope) => {
  if (!isDocument(operand)) throw new CommandError(40240, 'The argument to $bucketAuto must be an object');
  const { groupBy, buckets, output = { count: { $sum: 1 } }, granularity, ...others } = operand;
  for (const name in others) throw new CommandError(40245, `Unrecognized option to $bucketAuto: ${name}`);
  if (groupBy === undefined || buckets === undefined)
    throw new CommandError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
  if (!isExpression(groupBy))
    throw new CommandError(
      40239,
      "The $bucketAuto 'groupBy' field must be defined as a $-prefixed path or an expression object",
    );
  const wanted = numberOf(buckets);
  if (wanted === undefined) throw new CommandError(40241, "The $bucketAuto 'buckets' field must be a numeric value");
  if (!Number.isInteger(wanted) || Math.abs(wanted) > MOST_BUCKETS)
    throw new CommandError(
      40242,
      `The $bucketAuto 'buckets' field must be representable as a 32-bit integer: ${wanted}`,
    );
  if (wanted < 1)
    throw new CommandError(40243, `The $bucketAuto 'buckets' field must be greater than 0, but found: ${wanted}`);
  if (granularity !== undefined && typeof granularity !== 'string')
    throw new CommandError(40261, "The $bucketAuto 'granularity' field must be a string");
  if (granularity !== undefined) throw notSupported('$bucketAuto with granularity');
  const by = expressionOf(groupBy, scope.variables);
  const fields = fieldsOf(output, 40244, scope);
  const rows = [...documents]
    .map((raw) => {
      const doc = promoted(raw);
      const value = by(doc) ?? null;
      return { doc, value, key: orderOf(value) };
    })
    .sort((a, b) => Buffer.compare(a.key, b.key));
  const each = Math.max(1, Math.round(rows.length / wanted));
  const cuts: number[] = [0];
  while (cuts.at(-1)! < rows.length) {
    let end = cuts.length === wanted ? rows.length : cuts.at(-1)! + each;
    while (end < rows.length && rows[end]!.key.equals(rows[end - 1]!.key)) end++;
    cuts.push(Math.min(end, rows.length));
  }
  return cuts.slice(1).map((end, i) => {
    const held = rows.slice(cuts[i], end);
    const max = (rows[end] ?? held.at(-1)!).value;
    return encode({
      _id: { min: held[0]!.value, max },
      ...valuesOf(
        fields,
        held.map(({ doc }) => doc),
      ),
    });
  });
};
