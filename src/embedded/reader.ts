import { type Collection, keyIn, wholeKeyspace } from './catalogue.js';
import { documentOf } from './codec.js';
import { idKeyIn, type Stored } from './documents.js';
import type { Filter } from './filter.js';
import { PAUSE, type Pace } from './pace.js';
import { choosePlan, type Plan } from './planner.js';
import { type Range, scan } from './ranges.js';
import { type SortField, sortDocuments } from './sort.js';
import type { View } from './view.js';

export interface Examined {
  keys: number;
  docs: number;
}

/** Stands for PAUSE where documents have keys. */
const PAUSED: Stored = { idKey: PAUSE, raw: PAUSE };
/** Stands for a document that only counts. */
const COUNTED: Buffer = Buffer.alloc(0);

/**
 * The documents that a filter matches, read by a plan, in the plan's order; pauses among them when the pace asks for it.
 *
 * @param counted  they are only counted: empty ones stand for those that the index alone knows
 */
export function* matching(
  view: View,
  collection: Collection,
  filter: Filter,
  plan: Plan,
  examined: Examined,
  pace?: Pace,
  counted = false,
): Generator<Stored> {
  const { index } = plan;
  const seen = index && (index.multikey.seen || plan.ranges.length > 1) ? new Set<string>() : undefined;
  for (const [key, value] of plan.points ? pointsOf(view, plan.points) : rangesOf(view, plan.ranges)) {
    if (pace?.step()) yield PAUSED;
    let idKey: Buffer;
    let raw: Buffer | undefined;
    if (index) {
      examined.keys++;
      idKey = idKeyIn(index, key, value);
      if (seen) {
        const name = idKey.toString('latin1');
        if (seen.has(name)) continue;
        seen.add(name);
      }
      if (counted && plan.covering) {
        yield { idKey, raw: COUNTED };
        continue;
      }
      raw = view.get(keyIn(collection.id, idKey));
      if (!raw) continue;
    } else {
      idKey = key.subarray(4);
      raw = value;
      if (plan.bounded) examined.keys++;
    }
    examined.docs++;
    if ((counted && plan.covering) || filter.test(documentOf(raw))) yield { idKey, raw };
  }
}

function* pointsOf(view: View, points: readonly Buffer[]): Generator<readonly [Buffer, Buffer]> {
  for (const key of points) {
    const value = view.get(key);
    if (value) yield [key, value];
  }
}

function* rangesOf(view: View, ranges: readonly Range[]): Generator<readonly [Buffer, Buffer]> {
  for (const range of ranges) yield* scan(view, range);
}

export interface Query {
  readonly filter: Filter;
  readonly sort: readonly SortField[];
  readonly skip: number;
  /** Infinity for no limit. */
  readonly limit: number;
  readonly hint?: unknown;
  readonly pace?: Pace | undefined;
  /** Nobody looks at the documents. */
  readonly counted?: boolean;
}

/** Raw documents for a find: filtered, in order, cut. Empty ones when they are only counted and the index alone says how many. */
export function* select(
  view: View,
  collection: Collection,
  query: Query,
  examined: Examined = { keys: 0, docs: 0 },
): Generator<Buffer> {
  const plan = choosePlan(collection, query.filter, query.sort, query.hint);
  const counted = query.counted === true && plan.sorted;
  const found = raws(matching(view, collection, query.filter, plan, examined, query.pace, counted));
  const ordered = plan.sorted ? found : sortDocuments(found, query.sort, query.skip + query.limit);
  let position = 0;
  const end = query.skip + query.limit;
  if (query.limit <= 0) return;
  for (const raw of ordered) {
    if (raw === PAUSE) {
      yield PAUSE;
      continue;
    }
    if (position++ < query.skip) continue;
    yield raw;
    if (position >= end) return;
  }
}

function* raws(stored: Iterable<Stored>): Generator<Buffer> {
  for (const { raw } of stored) yield raw;
}

/** Every document of a collection, in _id order. */
export function* everything(view: View, collection: Collection): Generator<Stored> {
  for (const [key, raw] of scan(view, wholeKeyspace(collection.id))) yield { idKey: key.subarray(4), raw };
}
