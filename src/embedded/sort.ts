import type { Document } from 'bson';
import { documentOf, unparse } from './codec.js';
import { badValue, CommandError, notSupported } from './errors.js';
import { fieldPath } from './field-path.js';
import { constantOf, invert, keyOf } from './keys.js';
import { isDocument, numberOf } from './numeric.js';
import { PAUSE } from './pace.js';
import { keysAt } from './path-keys.js';
import { type Path, pathOf } from './paths.js';
import { TYPE, type Value } from './raw.js';

export interface SortField {
  readonly path: string;
  readonly descending: boolean;
}

/** Bytes of documents and keys that one sort may hold; MongoDB stops at the same size when it may not use the disk. */
const MAX_SORT_BYTES = 100 * 1024 * 1024;
/** What all sorts may hold together, with the results that open cursors still have to give. */
const MAX_HELD_BYTES = 200 * 1024 * 1024;
let held = 0;

export function sortFields(spec: unknown): SortField[] {
  if (spec === undefined || spec === null) return [];
  if (!isDocument(spec)) throw new CommandError(14, "BSON field 'sort' is the wrong type, expected an object");
  return Object.entries(spec).map(([path, direction]) => {
    if (isDocument(direction)) throw notSupported('sorting by $meta');
    const number = numberOf(direction);
    if (number === undefined) throw new CommandError(15974, `Illegal key in $sort specification: ${path}`);
    if (number !== 1 && number !== -1)
      throw new CommandError(15975, `$sort key ordering must be 1 (for ascending) or -1 (for descending): ${path}`);
    // Natural order is the order of _id.
    if (path !== '$natural') fieldPath(path);
    return { path: path === '$natural' ? '_id' : path, descending: number < 0 };
  });
}

/** One key a document: comparing two of them byte by byte gives the order asked for. */
export function sortKey(fields: readonly SortField[]): (doc: Value) => Buffer {
  const compiled = fields.map(({ path, descending }) => ({ path: pathOf(path), descending }));
  return (doc) => {
    const keys = compiled.map(({ path, descending }) => {
      const key = extreme(doc, path, descending);
      return descending ? invert(Buffer.from(key)) : key;
    });
    return keys.length === 1 ? keys[0]! : Buffer.concat(keys);
  };
}

/** Arrays take part by their least item when ascending, by their greatest when descending. */
function extreme(doc: Value, path: Path, greatest: boolean): Buffer {
  return keysAt(path, doc).reduce((best, key) => (Buffer.compare(key, best) > 0 === greatest ? key : best));
}

/** Sorts raw documents; with a limit it never holds much more than that many. */
export function* sortDocuments(docs: Iterable<Buffer>, fields: readonly SortField[], limit: number): Generator<Buffer> {
  const keyed: { key: Buffer; raw: Buffer; at: number }[] = [];
  const toKey = sortKey(fields);
  const order = (a: { key: Buffer; at: number }, b: { key: Buffer; at: number }) =>
    Buffer.compare(a.key, b.key) || a.at - b.at;
  let bytes = 0;
  let at = 0;
  const hold = (more: number) => {
    bytes += more;
    held += more;
    if (bytes > MAX_SORT_BYTES || held > MAX_HELD_BYTES) throw new CommandError(292, tooMuch(bytes > MAX_SORT_BYTES));
  };
  try {
    for (const raw of docs) {
      if (raw === PAUSE) {
        yield PAUSE;
        continue;
      }
      const key = toKey({ buf: raw, type: TYPE.object, at: 0 });
      keyed.push({ key, raw, at: at++ });
      hold(key.length + raw.length);
      if (keyed.length >= 2 * limit + 1000) {
        keyed.sort(order);
        for (const dropped of keyed.splice(limit)) hold(-dropped.key.length - dropped.raw.length);
      }
    }
    for (const { raw } of keyed.sort(order).slice(0, limit)) yield raw;
  } finally {
    held -= bytes;
  }
}

const tooMuch = (one: boolean) =>
  `${one ? `Sort exceeded memory limit of ${MAX_SORT_BYTES}` : `Sorts and open cursors exceeded memory limit of ${MAX_HELD_BYTES}`} bytes, and the embedded store does not sort on disk; an index in the order asked for avoids the sort`;

/** Documents of a window or a group in the order in which `$sort` would give them. */
export function inOrder(docs: readonly Document[], spec: unknown): Document[] {
  const toKey = sortKey(sortFields(spec));
  return sorted(docs, (doc) => toKey(documentOf(unparse(doc))));
}

function sorted<T>(items: readonly T[], toKey: (item: T) => Buffer): T[] {
  const keyed = items.map((item, at) => ({ item, at, key: toKey(item) }));
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key) || a.at - b.at).map(({ item }) => item);
}

/**
 * Sorts values of an array: by themselves (1 or -1) or by fields of the documents in it. An array is compared as the whole that it
 * is, and what has no such field as null. Source: MongoDB's src/mongo/db/update/pattern_cmp.cpp
 */
export function sortValues(items: readonly unknown[], spec: unknown): unknown[] {
  checkPattern(spec);
  const toKey = keyOfItem(spec);
  return sorted(items, (item) => toKey(item ?? null));
}

/** @throws CommandError 2. Source: MongoDB's src/mongo/db/update/pattern_cmp.cpp */
function checkPattern(sort: unknown): void {
  if (!isDocument(sort) && numberOf(sort) === undefined)
    throw badValue('The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields');
  const fields = isDocument(sort) ? Object.entries(sort) : [['whole', sort] as const];
  if (fields.length === 0) throw badValue('The $sort pattern is empty when it should be a set of fields.');
  for (const [name, direction] of fields) {
    if (name === '') throw badValue('The $sort field should not be left empty');
    if (name.split('.').includes(''))
      throw badValue(`The $sort field is a dotted field but has an empty part: ${name}`);
    const way = numberOf(direction);
    if (way !== 1 && way !== -1) throw badValue('The $sort element value must be either 1 or -1');
  }
}

function keyOfItem(spec: unknown): (item: unknown) => Buffer {
  const direction = numberOf(spec);
  const fields: { path?: string; descending: boolean }[] =
    direction === undefined ? sortFields(spec) : [{ descending: direction < 0 }];
  return (item) =>
    Buffer.concat(
      fields.map(({ path, descending }) => {
        const key = keyOf(constantOf((path === undefined ? item : within(item, path.split('.'))) ?? null));
        return descending ? invert(Buffer.from(key)) : key;
      }),
    );
}

/** The value at a path of a document, which goes into arrays by places only. */
function within(item: unknown, parts: readonly string[]): unknown {
  return parts.reduce((value: unknown, part, i) => {
    const holds = isDocument(value) || (i > 0 && Array.isArray(value));
    return holds && Object.hasOwn(value, part) ? (value as Record<string, unknown>)[part] : undefined;
  }, item);
}
