import { type Document, ObjectId } from 'bson';
import { type Collection, type Index, keyIn } from './catalogue.js';
import { documentOf, parse } from './codec.js';
import { markMultikey } from './collections.js';
import { badValue, CommandError } from './errors.js';
import { entriesOf } from './index-keys.js';
import { bounded, keyOf, MAX_KEY } from './keys.js';
import { field, MAX_DOCUMENT, slice, TYPE, type Value } from './raw.js';
import { shellText } from './shell-text.js';
import type { WritableView } from './view.js';

const ID = Buffer.from('_id');
/** Where the value of a first element that is called `_id` begins. */
const ID_AT = 4 + 1 + 4;
const DOLLAR = 0x24;

/** A stored document: what its keys end in, and its bytes. */
export interface Stored {
  readonly idKey: Buffer;
  readonly raw: Buffer;
}

export function idOf(raw: Buffer): Value {
  const id = field(raw, 0, ID);
  if (!id) throw new CommandError(1, 'document without _id');
  return id;
}

export function idKeyOf(id: Value): Buffer {
  return bounded(keyOf(id));
}

/** The document with an _id (a new ObjectId where it has none), as its first element. */
export function withId(raw: Buffer): Buffer {
  if (raw[4] !== 0 && raw.toString('latin1', 5, 9) === '_id\0') return checkedId(raw);
  const id = field(raw, 0, ID);
  const element = id
    ? Buffer.concat([Buffer.from([id.type]), ID, Buffer.from([0]), slice(id)])
    : Buffer.concat([Buffer.from([TYPE.objectId]), ID, Buffer.from([0]), new ObjectId().id]);
  const rest = id
    ? Buffer.concat([raw.subarray(4, id.at - 5), raw.subarray(id.at + slice(id).length)])
    : raw.subarray(4);
  const whole = Buffer.concat([Buffer.alloc(4), element, rest]);
  whole.writeInt32LE(whole.length);
  return checkedId(whole);
}

function checkedId(raw: Buffer): Buffer {
  const type = raw[4]!;
  if (type === TYPE.array) throw badValue("The '_id' value cannot be of type array");
  if (type === TYPE.regex) throw badValue("The '_id' value cannot be of type regex");
  if (type === TYPE.undefined) throw badValue("The '_id' value cannot be of type undefined");
  if (type === TYPE.object && raw[ID_AT + 4] !== 0 && raw[ID_AT + 5] === DOLLAR)
    throw new CommandError(52, "_id fields may not contain '$'-prefixed fields");
  return raw;
}

export function insertDocument(view: WritableView, collection: Collection, raw: Buffer): void {
  const id = idOf(raw);
  const idKey = idKeyOf(id);
  const key = keyIn(collection.id, idKey);
  if (view.get(key)) throw duplicate(collection, '_id_', { _id: parse(raw)._id });
  view.claim(key);
  store(view, collection, idKey, undefined, raw);
}

export function replaceDocument(view: WritableView, collection: Collection, old: Stored, raw: Buffer): void {
  view.claim(keyIn(collection.id, old.idKey));
  store(view, collection, old.idKey, old.raw, raw);
}

export function removeDocument(view: WritableView, collection: Collection, old: Stored): void {
  view.claim(keyIn(collection.id, old.idKey));
  store(view, collection, old.idKey, old.raw, undefined);
}

/** Checks everything before it writes anything, so that a refused write leaves no trace. */
function store(
  view: WritableView,
  collection: Collection,
  idKey: Buffer,
  old: Buffer | undefined,
  raw: Buffer | undefined,
): void {
  if (raw && raw.length > MAX_DOCUMENT)
    throw new CommandError(10334, `BSONObj size: ${raw.length} is invalid. Size must be between 0 and ${MAX_DOCUMENT}`);
  const removed: Buffer[] = [];
  const added: IndexEntry[] = [];
  for (const index of collection.indexes) {
    const before = old ? entriesOf(index, documentOf(old)).keys : [];
    const now = raw ? entriesOf(index, documentOf(raw)) : { keys: [], multikey: false };
    if (now.multikey && !index.multikey.seen) markMultikey(view, index);
    for (const key of before)
      if (!now.keys.some((other) => other.equals(key))) removed.push(entryOf(index, key, idKey).key);
    for (const key of now.keys) {
      if (before.some((other) => other.equals(key))) continue;
      const entry = entryOf(index, key, idKey);
      if (index.unique) checkUnique(view, collection, index, entry.key, idKey, raw!);
      added.push(entry);
    }
  }
  for (const entry of removed) view.remove(entry);
  for (const { key, value } of added) view.put(key, value);
  const key = keyIn(collection.id, idKey);
  if (raw) view.put(key, raw);
  else view.remove(key);
}

export interface IndexEntry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/**
 * A unique index has one entry a value, which names the document. In others the document's key ends the entry's key, and
 * the entry only says how long it is; where the indexed fields end in `_id` it is there already.
 */
export function entryOf(index: Index, key: Buffer, idKey: Buffer): IndexEntry {
  if (index.unique) return { key: keyIn(index.id, key), value: idKey };
  const value = LENGTHS[idKey.length]!;
  return { key: index.endsInId && endsWith(key, idKey) ? keyIn(index.id, key) : keyIn(index.id, key, idKey), value };
}

/** The document's key, from an entry that was read. */
export function idKeyIn(index: Index, key: Buffer, value: Buffer): Buffer {
  return index.unique ? value : key.subarray(key.length - (value.length === 1 ? value[0]! : value.readUInt16BE()));
}

/** The length of a key, in one byte or two. */
const LENGTHS = Array.from({ length: MAX_KEY + 1 }, (_, length) =>
  Buffer.from(length < 256 ? [length] : [length >> 8, length & 0xff]),
);

function endsWith(key: Buffer, end: Buffer): boolean {
  return key.length >= end.length && key.compare(end, 0, end.length, key.length - end.length) === 0;
}

export function checkUnique(
  view: WritableView,
  collection: Collection,
  index: Index,
  entry: Buffer,
  idKey: Buffer,
  raw: Buffer,
): void {
  const holder = view.get(entry);
  if (holder && !holder.equals(idKey)) throw duplicate(collection, index.name, keyValueOf(index, raw));
  view.claim(entry);
}

function keyValueOf(index: Index, raw: Buffer): Document {
  const doc = parse(raw);
  const values: Document = {};
  for (const { path } of index.components) {
    let value: unknown = doc;
    for (const part of path.text.split('.')) value = (value as Document | null | undefined)?.[part];
    values[path.text] = value ?? null;
  }
  return values;
}

function duplicate(collection: Collection, name: string, keyValue: Document): CommandError {
  const index = collection.indexes.find((one) => one.name === name);
  const keyPattern = index ? index.spec.key : { _id: 1 };
  return new CommandError(
    11000,
    `E11000 duplicate key error collection: ${collection.ns} index: ${name} dup key: ${shellText(keyValue)}`,
    { keyPattern, keyValue },
  );
}
