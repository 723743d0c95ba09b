import { type Document, Int32 } from 'bson';
import { isDocument } from '../numeric.js';
import { PAUSE } from '../pace.js';
import { checkStages, leading, runPipeline, runStages, selected } from './pipeline.js';
import type { Scope } from './scope.js';
import { encode, whole } from './values.js';

/** Stages that read all that comes before they give anything. */
const TO_THE_END = new Set(['$group', '$sort', '$count', '$sortByCount', '$bucket', '$bucketAuto', '$facet']);
/** What is read ahead for them, in bytes; stages do not pause, so what comes after is read in one go. */
const AHEAD = 32 * 1024 * 1024;

/** Runs a pipeline over a collection, and gives way to others while it reads for stages that need everything. */
export function* gather(
  scope: Scope,
  ns: string,
  pipeline: readonly Document[],
  hint: unknown,
): Generator<Buffer, Iterable<Buffer>> {
  checkStages(pipeline);
  const { query, used } = leading(pipeline, hint, scope.variables);
  const rest = pipeline.slice(used);
  const collection = scope.view.catalogue.get(ns);
  const { pace } = scope;
  const next = Object.keys(rest[0] ?? {})[0] ?? '';
  if (!collection || !pace || !TO_THE_END.has(next)) {
    if (pace) pace.pauses = false;
    return runPipeline(scope, ns, pipeline, hint);
  }
  const counted = countOf(rest);
  const documents = selected(scope, collection, { ...query, counted: counted !== undefined })[Symbol.iterator]();
  const ahead: Buffer[] = [];
  let count = 0;
  for (let bytes = 0; bytes < AHEAD; ) {
    const { done, value } = documents.next();
    if (done) break;
    if (value === PAUSE) yield PAUSE;
    else if (counted) count++;
    else bytes += ahead[ahead.push(value) - 1]!.length;
  }
  pace.pauses = false;
  if (counted) return count === 0 ? [] : [encode(counted(whole(count)))];
  return runStages(scope, chained(ahead, documents), rest);
}

function* chained(ahead: readonly Buffer[], rest: Iterator<Buffer>): Generator<Buffer> {
  yield* ahead;
  yield* { [Symbol.iterator]: () => rest };
}

/** What drivers send for countDocuments: one group of everything, with a sum of ones. */
export function countOf(stages: readonly Document[]): ((n: unknown) => Document) | undefined {
  const [stage] = stages;
  const group = stage?.['$group'] as unknown;
  if (stages.length !== 1 || !isDocument(group)) return undefined;
  const [[idName, id] = [], [name, sum] = [], ...more] = Object.entries(group);
  if (
    idName !== '_id' ||
    name === undefined ||
    /^\$|\./.test(name) ||
    more.length > 0 ||
    !(id === null || id instanceof Int32)
  )
    return undefined;
  const ones = isDocument(sum) && Object.keys(sum).length === 1 ? (sum['$sum'] as unknown) : undefined;
  return ones instanceof Int32 && ones.value === 1 ? (n) => ({ _id: id, [name]: n }) : undefined;
}
