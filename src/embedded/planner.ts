import type { Collection, Index } from './catalogue.js';
import { keyIn, wholeKeyspace } from './catalogue.js';
import { badValue, notSupported } from './errors.js';
import type { Bound, Fact } from './facts.js';
import type { Filter } from './filter.js';
import { implied } from './implied.js';
import { after, bounded, boundedPrefix, invert, RANK } from './keys.js';
import { isDocument, numberOf } from './numeric.js';
import { pathOf } from './paths.js';
import type { Range } from './ranges.js';
import type { SortField } from './sort.js';

/** How documents are found: ranges of one index, in an order that may already be the one asked for. */
export interface Plan {
  /** Absent: the collection itself, which lies in _id order. */
  readonly index?: Index;
  readonly ranges: readonly Range[];
  /** Exact keys instead of ranges: every range is one entry (or document) at most. */
  readonly points?: readonly Buffer[];
  readonly sorted: boolean;
  readonly reverse: boolean;
  /** Whether bounds narrow the reading at all. */
  readonly bounded: boolean;
  /** Whether all within the bounds is what the filter matches: then nothing else has to be looked at. */
  readonly covering: boolean;
}

/** More combinations of $in values than this are not worth a range each. */
const MAX_RANGES = 2000;

interface Candidate {
  readonly index?: Index;
  readonly id: number;
  readonly components: readonly { readonly path: { readonly text: string }; readonly descending: boolean }[];
  readonly unique: boolean;
}

/**
 * Chooses by a fixed rule, no statistics: most components bound by equality or $in, then a range on the next one, then
 * an order that spares sorting; a unique index bound in all components wins over everything.
 *
 * @throws CommandError BadValue when a hint names no index
 */
export function choosePlan(collection: Collection, filter: Filter, sort: readonly SortField[], hint?: unknown): Plan {
  const own: Candidate = { id: collection.id, components: [{ path: pathOf('_id'), descending: false }], unique: true };
  const hinted = hint === undefined ? undefined : findHinted(collection, hint);
  const candidates: Candidate[] = [own];
  for (const index of collection.indexes) if (!index.building) candidates.push({ index, ...index });
  let best: { plan: Plan; score: number } | undefined;
  for (const candidate of candidates) {
    if (hinted && hinted !== 'natural' && candidate.index !== hinted.index) continue;
    if (hinted === 'natural' && candidate !== own) continue;
    const rated = rate(candidate, hinted === 'natural' ? { ...filter, facts: [] } : filter, sort, hinted !== undefined);
    if (rated && (!best || rated.score > best.score)) best = rated;
    if (candidate === own && rated?.plan.points && !hinted) return rated.plan; // nothing is better than _id itself
  }
  return best!.plan;
}

function findHinted(collection: Collection, hint: unknown): { index: Index | undefined } | 'natural' {
  if (isDocument(hint) && '$natural' in hint) {
    if (numberOf(hint.$natural) !== 1) throw notSupported('a hint of descending natural order');
    return 'natural';
  }
  if (hint === '_id_' || (isDocument(hint) && Object.keys(hint).join() === '_id')) return { index: undefined };
  const index = collection.indexes.find(
    (one) =>
      !one.building &&
      (typeof hint === 'string' ? one.name === hint : isDocument(hint) && samePattern(one.spec.key, hint)),
  );
  if (!index)
    throw badValue(
      'error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index',
    );
  return { index };
}

export function samePattern(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const flat = (key: Record<string, unknown>) =>
    Object.entries(key)
      .map(([path, direction]) => `${path}:${numberOf(direction) ?? direction}`)
      .join();
  return flat(a) === flat(b);
}

function rate(
  candidate: Candidate,
  filter: Filter,
  sort: readonly SortField[],
  forced: boolean,
): { plan: Plan; score: number } | undefined {
  const { index, components, id } = candidate;
  if (index?.partial && !implied(index.partial, filter.facts)) return undefined;
  const multikey = index?.multikey.seen ?? false;
  const bounds = boundsOf(candidate, filter.facts, multikey);
  const usable = !index?.sparse || bounds.solid;
  if (!usable) return undefined;
  const order = multikey || bounds.prefixes.length > 1 ? undefined : orderOf(components, bounds.single, sort);
  if (index && bounds.equal === 0 && !bounds.range && order === undefined && !forced) return undefined;
  const ranges = bounds.ranges.map(({ low, high }) =>
    low.length === 0 ? wholeKeyspace(id) : { low: keyIn(id, low), high: keyIn(id, high) },
  );
  ranges.sort((a, b) => Buffer.compare(a.low, b.low));
  const reverse = order === 'backward';
  if (reverse) ranges.reverse();
  const full = bounds.equal === components.length;
  const exact = full && candidate.unique;
  const points =
    exact && bounds.prefixes.every((one) => one.length <= 900)
      ? bounds.prefixes.map((one) => keyIn(id, bounded(one)))
      : undefined;
  const score =
    bounds.equal * 4 +
    (bounds.range ? 2 : 0) +
    (sort.length > 0 && order ? 3 : 0) +
    (exact ? 1000 : 0) +
    (index ? 0 : exact ? 1000 : 0.5);
  const plan: Plan = {
    ...(index ? { index } : {}),
    ranges: reverse ? ranges.map((range) => ({ ...range, reverse })) : ranges,
    ...(points ? { points } : {}),
    sorted: sort.length === 0 || order !== undefined,
    reverse,
    bounded: bounds.equal > 0 || bounds.range,
    covering: filter.exact && !multikey && bounds.facts === filter.facts.length,
  };
  return { plan, score };
}

interface Bounds {
  prefixes: Buffer[];
  ranges: { low: Buffer; high: Buffer }[];
  equal: number;
  /** How many leading components have exactly one value. */
  single: number;
  range: boolean;
  /** Whether a bound says that the document has one of the fields. */
  solid: boolean;
  /** How many facts the bounds say, no more and no less. */
  facts: number;
}

function boundsOf({ components }: Candidate, facts: readonly Fact[], multikey: boolean): Bounds {
  const bounds: Bounds = {
    prefixes: [Buffer.alloc(0)],
    ranges: [],
    equal: 0,
    single: 0,
    range: false,
    solid: false,
    facts: 0,
  };
  for (const { path, descending } of components) {
    const mine = facts.filter((fact) => fact.path === path.text);
    const equal = mine.find((fact) => fact.kind === 'eq') ?? mine.find((fact) => fact.kind === 'in');
    if (equal && equal.keys.length * bounds.prefixes.length <= MAX_RANGES) {
      const keys = valuesOf(equal).map((key) => (descending ? invert(Buffer.from(key)) : key));
      bounds.prefixes = bounds.prefixes.flatMap((prefix) => keys.map((key) => Buffer.concat([prefix, key])));
      if (keys.length === 1 && bounds.single === bounds.equal) bounds.single++;
      bounds.equal++;
      bounds.facts++;
      bounds.solid ||= !equal.nullable;
      continue;
    }
    const range = rangeOf(
      mine.filter((fact) => fact.kind === 'range'),
      multikey,
    );
    if (range) {
      bounds.range = true;
      if (range.low || range.rank !== RANK.number) bounds.facts += range.facts; // NaN lies below all numbers and is less than none
      bounds.solid = true;
      bounds.ranges = bounds.prefixes.map((prefix) => between(prefix, range, descending));
      return bounds;
    }
    break;
  }
  bounds.ranges = bounds.prefixes.map((prefix) => beginningWith(prefix));
  return bounds;
}

/** Null is also found as undefined; the filter sorts out what else has that key. */
function valuesOf(fact: Fact): Buffer[] {
  return fact.nullable ? [...fact.keys, Buffer.from([RANK.undefined])] : [...fact.keys];
}

function beginningWith(prefix: Buffer): { low: Buffer; high: Buffer } {
  const low = boundedPrefix(prefix);
  return { low, high: low.length === 0 ? low : after(low) };
}

/** On a multikey index two bounds may be met by two items, so only one of them narrows the reading. */
function rangeOf(
  facts: readonly Fact[],
  multikey: boolean,
): { low?: Bound; high?: Bound; rank: number; facts: number } | undefined {
  const first = facts[0];
  if (!first) return undefined;
  const rank = (first.low ?? first.high)!.key[0]!;
  let { low, high } = first;
  let said = 0;
  if (!multikey) {
    for (const fact of facts) {
      if ((fact.low ?? fact.high)!.key[0] !== rank) continue;
      said++;
      if (fact.low && (!low || Buffer.compare(fact.low.key, low.key) > 0)) low = fact.low;
      if (fact.high && (!high || Buffer.compare(fact.high.key, high.key) < 0)) high = fact.high;
    }
  }
  return { ...(low ? { low } : {}), ...(high ? { high } : {}), rank, facts: said };
}

function between(
  prefix: Buffer,
  { low, high, rank }: { low?: Bound; high?: Bound; rank: number },
  descending: boolean,
): { low: Buffer; high: Buffer } {
  const turn = (key: Buffer) => (descending ? invert(Buffer.from(key)) : key);
  const start = descending ? high : low;
  const end = descending ? low : high;
  const edge = turn(Buffer.from([rank]));
  const from = boundedPrefix(Buffer.concat([prefix, start ? turn(start.key) : edge]));
  const to = boundedPrefix(Buffer.concat([prefix, end ? turn(end.key) : edge]));
  const cut = (bound: Bound | undefined, whole: Buffer) =>
    bound !== undefined && whole.length !== prefix.length + bound.key.length;
  return {
    low: start && !start.inclusive && !cut(start, from) ? after(from) : from,
    high: end && !end.inclusive && !cut(end, to) ? to : after(to),
  };
}

/** Whether reading the index forward or backward gives the order asked for, once `fixed` components have one value. */
function orderOf(
  components: Candidate['components'],
  fixed: number,
  sort: readonly SortField[],
): 'forward' | 'backward' | undefined {
  if (sort.length === 0) return 'forward';
  const constant = new Set(components.slice(0, fixed).map(({ path }) => path.text));
  const wanted = sort.filter(({ path }) => !constant.has(path));
  let direction: 'forward' | 'backward' | undefined;
  for (const [i, { path, descending }] of wanted.entries()) {
    const component = components[fixed + i];
    if (!component || component.path.text !== path) {
      // After a component that is unique by itself nothing is left to order.
      return undefined;
    }
    const step = component.descending === descending ? 'forward' : 'backward';
    if (direction && direction !== step) return undefined;
    direction = step;
  }
  return direction ?? 'forward';
}
