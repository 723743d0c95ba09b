import type { Document } from 'bson';
import type { Cursors } from '../cursors.js';
import { CommandError, notSupported, unknownField } from '../errors.js';
import { isDocument, numberOf } from '../numeric.js';
import type { Pace } from '../pace.js';
import type { Sessions } from '../sessions.js';
import type { Store } from '../store.js';
import type { Transaction } from '../transaction.js';
import type { View, WritableView } from '../view.js';
import type { Reply, Request } from '../wire.js';

/** What a command runs with. */
export interface Call {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly cursors: Cursors;
  readonly request: Request;
  readonly name: string;
  readonly body: Document;
  readonly db: string;
  readonly transaction: Transaction | undefined;
  /** host:port or socket path, as hello tells it. */
  readonly address: string;
  readonly connectionId: number;
  /** Bounds how long it works. */
  readonly pace: Pace;
  /** Keyspaces to delete once the command is committed. */
  dropped: number[];
  /** Indexes to fill once the command is committed, before it is answered. */
  building: number[];
}

interface Known {
  /** Fields that the command understands, beside those every command takes. */
  readonly fields: readonly string[];
  /** Fields that MongoDB understands and this store does not: refused, unless they say what is the case anyway. */
  readonly refused?: readonly string[];
  readonly inTransaction?: boolean;
}
export type Command = Known &
  (
    | { readonly kind: 'read'; run(call: Call, view: View): Reply | Promise<Reply> }
    | { readonly kind: 'write'; run(call: Call, view: WritableView): Reply }
    | { readonly kind: 'other'; run(call: Call): Reply | Promise<Reply> }
  );

const EVERYWHERE = new Set([
  '$db',
  'lsid',
  'txnNumber',
  'autocommit',
  'startTransaction',
  'readConcern',
  'writeConcern',
  '$clusterTime',
  'maxTimeMS',
  'comment',
  '$readPreference',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
  'maxTimeMSOpOnly',
  'help',
]);

/** Fields of several commands that mean the same in each. */
const TYPED: Record<string, (value: unknown) => boolean> = {
  maxTimeMS: (value) => numberOf(value) !== undefined,
  ordered: (value) => typeof value === 'boolean',
};

/** @throws CommandError for fields of another type, for fields nobody knows, and for options that would have to be ignored */
export function checkFields(name: string, command: Command, body: Document): void {
  for (const [field, value] of Object.entries(body)) {
    const typed = TYPED[field];
    if (typed && value !== undefined && value !== null && !typed(value))
      throw new CommandError(14, `BSON field '${name}.${field}' is the wrong type '${typeof value}'`);
    if (field === name || EVERYWHERE.has(field) || command.fields.includes(field)) continue;
    if (command.refused?.includes(field)) {
      if (isHarmless(field, value)) continue;
      throw notSupported(`${name} with ${field}`);
    }
    throw unknownField(`${name}.${field}`);
  }
}

function isHarmless(field: string, value: unknown): boolean {
  if (value === false || value === undefined || value === null) return true;
  if (field === 'collation') return isDocument(value) && value.locale === 'simple';
  return isDocument(value) && Object.keys(value).length === 0;
}

/** The error for a field that a command or one of its statements must have. */
export const missing = (field: string) =>
  new CommandError(40414, `BSON field '${field}' is missing but a required field`);

/** The namespace a command names in its first field. */
export function namespaceOf({ body, name, db }: Pick<Call, 'body' | 'name' | 'db'>): string {
  return namespace(db, body[name]);
}

export function namespace(db: string, collection: unknown): string {
  if (typeof collection !== 'string')
    throw new CommandError(73, `collection name has invalid type ${typeof collection}`);
  if (collection === '' || collection.includes('\0') || collection.startsWith('.'))
    throw new CommandError(73, `Invalid namespace specified '${db}.${collection}'`);
  return `${db}.${collection}`;
}

/** For names that are about to be made: stricter than for names that are looked up. */
export function newNamespace(db: string, collection: unknown): string {
  const ns = namespace(db, collection);
  if (ns.slice(db.length + 1).includes('$') || ns.startsWith(`${db}.system.`) || Buffer.byteLength(ns) > 255)
    throw new CommandError(73, `Invalid collection name: ${ns}`);
  return ns;
}
