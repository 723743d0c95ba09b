import type { Document } from 'bson';
import { CommandError, notSupported } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import { expressionOf } from './engine.js';
import type { Stage } from './scope.js';
import { accumulatorOf, group, grouped, valuesOf } from './stages.js';
import { encode, orderOf, promoted, promotedConstant } from './values.js';

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

export const bucket: Stage = (documents, operand, scope) => {
  const { groupBy, boundaries, default: otherwise, output = { count: { $sum: 1 } } } = operand as Document;
  if (!Array.isArray(boundaries)) throw new CommandError(40200, 'The $bucket boundaries field must be an array');
  if (boundaries.length < 2) throw new CommandError(40192, 'The $bucket boundaries field must have at least 2 values');
  const limits = (promotedConstant(boundaries) as unknown[]).map((value) => ({ value, key: orderOf(value) }));
  if (!(typeof groupBy === 'string' && groupBy[0] === '$') && !isDocument(groupBy))
    throw new CommandError(
      40202,
      "The $bucket 'groupBy' field must be defined as a $-prefixed path or an expression, but found a constant",
    );
  for (let i = 1; i < limits.length; i++) {
    if (limits[i - 1]!.key[0] !== limits[i]!.key[0])
      throw new CommandError(40193, 'All values in the boundaries option to $bucket must have the same type');
    if (Buffer.compare(limits[i - 1]!.key, limits[i]!.key) >= 0)
      throw new CommandError(40194, 'The boundaries option to $bucket must be sorted');
  }
  const hasDefault = Object.hasOwn(operand as Document, 'default');
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
    if (!hasDefault)
      throw new CommandError(
        40066,
        '$switch could not find a matching branch for an input, and no default was specified.',
      );
    return promotedConstant(otherwise);
  };
  const fields = Object.entries(output as Document).map(
    ([name, spec]) => [name, accumulatorOf(name, spec, scope)] as const,
  );
  return [...grouped(documents, place, fields)]
    .map((raw) => ({ raw, key: orderOf(promoted(raw)['_id']) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ raw }) => raw);
};

/** As many documents a bucket as there are buckets; equal values stay together, and a bucket ends where the next begins. */
export const bucketAuto: Stage = (documents, operand, scope) => {
  const { groupBy, buckets, output = { count: { $sum: 1 } }, granularity } = operand as Document;
  if (granularity !== undefined) throw notSupported('$bucketAuto with granularity');
  const wanted = numberOf(buckets);
  if (buckets === undefined)
    throw new CommandError(40246, "$bucketAuto requires 'groupBy' and 'buckets' to be specified");
  if (wanted === undefined) throw new CommandError(40241, "The $bucketAuto 'buckets' field must be a numeric value");
  if (!Number.isInteger(wanted))
    throw new CommandError(
      40242,
      `The $bucketAuto 'buckets' field must be representable as a 32-bit integer: ${wanted}`,
    );
  if (wanted < 1)
    throw new CommandError(40243, `The $bucketAuto 'buckets' field must be greater than 0, but found: ${wanted}`);
  const by = expressionOf(groupBy, scope.variables);
  const fields = Object.entries(output as Document).map(
    ([name, spec]) => [name, accumulatorOf(name, spec, scope)] as const,
  );
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
