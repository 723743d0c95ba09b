import { type Document, ObjectId } from 'bson';
import { variablesOf } from '../aggregation/pipeline.js';
import type { Collection } from '../catalogue.js';
import { parse } from '../codec.js';
import { collectionOf } from '../collections.js';
import { idKeyOf, idOf, insertDocument, removeDocument, replaceDocument, type Stored, withId } from '../documents.js';
import { CommandError } from '../errors.js';
import { compileFilter, type Filter } from '../filter.js';
import { constantOf, keyOf } from '../keys.js';
import { isDocument } from '../numeric.js';
import { Overlay } from '../overlay.js';
import type { Pace } from '../pace.js';
import { choosePlan } from '../planner.js';
import { field } from '../raw.js';
import { matching, select } from '../reader.js';
import { idSeedOf } from '../seed.js';
import { shellText } from '../shell-text.js';
import { sortFields } from '../sort.js';
import type { WritableView } from '../view.js';
import type { Change } from './change.js';

/** MongoDB's maxWriteBatchSize. */
export const MAX_BATCH = 100_000;

/** Which documents a statement is about. */
export interface Target {
  readonly query: Document;
  readonly multi: boolean;
  readonly sort?: unknown;
  readonly hint?: unknown;
  readonly variables: Document;
  readonly pace?: Pace;
}

export interface Updated {
  readonly matched: number;
  readonly modified: number;
  /** The first document before and after, where one was changed. */
  readonly old?: Buffer;
  readonly now?: Buffer;
  /** The document that was made, where none was found. */
  readonly upserted?: { readonly id: unknown; readonly raw: Buffer };
}

/**
 * Changes what a statement finds, all of it or nothing; `upsert` names the collection in which a document is made when
 * nothing is found.
 */
export function applyUpdate(view: WritableView, ns: string, target: Target, change: Change, upsert: boolean): Updated {
  if (target.multi && change.replaces)
    throw new CommandError(9, 'multi update is not supported for replacement-style update');
  const filter = compileFilter(target.query, target.variables);
  if (upsert && usesExpression(target.query))
    throw new CommandError(224, '$expr is not allowed in the query predicate for an upsert');
  const collection = view.catalogue.get(ns);
  const found = collection ? targetsOf(view, collection, filter, target) : [];
  if (found.length > 0) return changeAll(view, collection!, found, change, target.query);
  if (!upsert) return { matched: 0, modified: 0 };
  return { matched: 0, modified: 0, upserted: insertChanged(view, collectionOf(view, ns), change, target.query) };
}

function changeAll(
  view: WritableView,
  collection: Collection,
  found: readonly Stored[],
  change: Change,
  query: Document,
): Updated {
  const changes = found.map((old) => ({ old, ...changed(old, change, query) }));
  const effective = changes.filter(({ old, now, written }) => written || !now.equals(old.raw));
  // Only a unique index can still refuse one of several; what the others wrote is then dropped with the overlay.
  const guarded = effective.length > 1 && collection.indexes.some(({ unique }) => unique);
  const trial = guarded ? new Overlay(view, (key) => view.claim(key)) : undefined;
  for (const { old, now } of effective) replaceDocument(trial ?? view, collection, old, now);
  trial?.flush(view);
  return { matched: found.length, modified: effective.length, old: changes[0]!.old.raw, now: changes[0]!.now };
}

export function applyDelete(view: WritableView, ns: string, target: Target): Stored[] {
  const filter = compileFilter(target.query, target.variables);
  const collection = view.catalogue.get(ns);
  const found = collection ? targetsOf(view, collection, filter, target) : [];
  for (const old of found) removeDocument(view, collection!, old);
  return found;
}

/** All matches are found before the first changes, so that no document is met twice. */
function targetsOf(view: WritableView, collection: Collection, filter: Filter, target: Target): Stored[] {
  const { hint, pace } = target;
  const sort = sortFields(target.sort);
  if (target.multi) {
    if (sort.length > 0) throw new CommandError(9, 'Cannot specify sort with multi=true');
    const plan = choosePlan(collection, filter, [], hint);
    return [...matching(view, collection, filter, plan, { keys: 0, docs: 0 }, pace)];
  }
  for (const raw of select(view, collection, { filter, sort, skip: 0, limit: 1, hint, pace }))
    return [{ idKey: idKeyOf(idOf(raw)), raw }];
  return [];
}

function usesExpression(query: Document): boolean {
  return Object.entries(query).some(
    ([name, operand]) =>
      name === '$expr' ||
      (['$and', '$or', '$nor'].includes(name) &&
        Array.isArray(operand) &&
        operand.some((part) => usesExpression(part))),
  );
}

/** The new bytes of a document, with its _id first and unchanged. */
function changed(old: Stored, change: Change, query: Document): { now: Buffer; written: boolean } {
  const { raw, written } = change.apply(old.raw, query);
  if (!field(raw, 0, Buffer.from('_id')))
    throw new CommandError(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been removed: ${shellText({ _id: parse(old.raw)['_id'] })}`,
    );
  const whole = withId(raw);
  if (!idKeyOf(idOf(whole)).equals(old.idKey))
    throw new CommandError(66, `Performing an update on the path '_id' would modify the immutable field '_id'`);
  return { now: whole, written };
}

function insertChanged(
  view: WritableView,
  collection: Collection,
  change: Change,
  query: Document,
): { id: unknown; raw: Buffer } {
  const raw = withId(change.insert(query));
  const doc = parse(raw);
  const seed = idSeedOf(query);
  if ('_id' in seed && !keyOf(constantOf(seed['_id'])).equals(keyOf(constantOf(doc['_id']))))
    throw new CommandError(66, `Performing an update on the path '_id' would modify the immutable field '_id'`);
  insertDocument(view, collection, raw);
  return { id: doc['_id'] === undefined ? new ObjectId() : doc['_id'], raw };
}

/** What `let` of the command, and `c` of one of its updates, bind. */
export function constantsOf(bound: unknown, own?: unknown): Document {
  return { ...variablesOf(bound), ...variablesOf(own) };
}

/** @throws CommandError for fields of a statement that are unknown, or that this store would have to ignore */
export function knownFields(name: string, statement: Document, known: readonly string[]): void {
  for (const [key, value] of Object.entries(statement)) {
    if (known.includes(key) || value === undefined || value === null) continue;
    if (key === 'collation' && isDocument(value) && (value['locale'] === 'simple' || Object.keys(value).length === 0))
      continue;
    throw new CommandError(
      key === 'collation' ? 238 : 40415,
      `BSON field '${name}.${key}' is ${key === 'collation' ? 'not supported by the embedded store' : 'an unknown field.'}`,
    );
  }
}
