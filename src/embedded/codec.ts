import { type Document, deserialize, serialize } from 'bson';
import { TYPE, type Value } from './raw.js';

export const documentOf = (raw: Buffer): Value => ({ buf: raw, type: TYPE.object, at: 0 });

/** Full types and bytes, so that what is written back is what was read. */
export function parse(raw: Uint8Array): Document {
  return deserialize(raw, { promoteValues: false, bsonRegExp: true });
}

export function unparse(doc: Document): Buffer {
  return Buffer.from(serialize(doc, { ignoreUndefined: false }));
}
