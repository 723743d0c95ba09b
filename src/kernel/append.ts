import type { ClientSession, Connection } from 'mongoose';
import { isAway } from './mongo.js';

/** What an act leaves to be written just before its commit. */
export interface Appended {
  /** To insert, by the name of their collection. */
  readonly rows: ReadonlyMap<string, readonly object[]>;
  readonly amendments: readonly Amendment[];
}

/** A change of the one row that fits. */
export interface Amendment {
  readonly collection: string;
  readonly filter: object;
  readonly update: object;
}

const COMMAND_NOT_FOUND = 59;
const FIRST_WIRE_VERSION_WITH_BULK_WRITE = 25; // MongoDB 8.0

const knowsBulkWrite = new WeakMap<Connection, Promise<boolean>>();
const admins = new WeakMap<Connection, ReturnType<typeof adminOf>>();

/**
 * Writes rows of several collections inside a transaction, in one command where the store knows `bulkWrite` (MongoDB 8.0,
 * the embedded store), with one per amendment and one per collection elsewhere. A round trip costs more than the rows it carries.
 * @returns whether each amendment found its row
 */
export async function writeAppended(
  connection: Connection,
  session: ClientSession,
  appended: Appended,
): Promise<boolean> {
  const { rows, amendments } = appended;
  if (rows.size === 0 && amendments.length === 0) return true;
  const known = knowsBulkWrite.get(connection) ?? askForBulkWrite(connection);
  knowsBulkWrite.set(connection, known);
  known.catch(() => knowsBulkWrite.delete(connection)); // it was away: the next one asks again
  if (await known) return writeAtOnce(connection, session, appended);
  const database = databaseOf(connection);
  let matched = 0;
  for (const { collection, filter, update } of amendments)
    matched += (await database.collection(collection).updateOne(filter, update, { session })).matchedCount;
  for (const [name, documents] of rows)
    await database.collection(name).insertMany([...documents], { session, ignoreUndefined: true });
  return matched === amendments.length;
}

async function writeAtOnce(
  connection: Connection,
  session: ClientSession,
  { rows, amendments }: Appended,
): Promise<boolean> {
  const names = [...new Set([...rows.keys(), ...amendments.map(({ collection }) => collection)])];
  const numberOf = new Map(names.map((name, number) => [name, number]));
  const ops = [
    ...amendments.map(({ collection, filter, update }) => ({
      update: numberOf.get(collection),
      filter,
      updateMods: update,
    })),
    ...[...rows].flatMap(([name, documents]) =>
      documents.map((document) => ({ insert: numberOf.get(name), document })),
    ),
  ];
  const nsInfo = names.map((name) => ({ ns: `${connection.name}.${name}` }));
  const admin = admins.get(connection) ?? adminOf(connection);
  admins.set(connection, admin); // the driver makes a new one, options and all, each time it is asked
  const answer = await admin.command(
    { bulkWrite: 1, ops, nsInfo, errorsOnly: true },
    { session, ignoreUndefined: true },
  );
  const [failed] = answer['cursor'].firstBatch as { code: number; errmsg: string }[];
  if (failed) throw Object.assign(new Error('a row could not be written'), { code: failed.code });
  return answer['nMatched'] === amendments.length;
}

/** An empty one is refused by who knows it, and unknown to who does not. */
async function askForBulkWrite(connection: Connection): Promise<boolean> {
  const admin = adminOf(connection);
  const { maxWireVersion } = await admin.command({ hello: 1 });
  if (maxWireVersion >= FIRST_WIRE_VERSION_WITH_BULK_WRITE) return true;
  try {
    await admin.command({ bulkWrite: 1, ops: [], nsInfo: [] });
    return true;
  } catch (error) {
    if (isAway(error)) throw error;
    return (error as { code?: number }).code !== COMMAND_NOT_FOUND;
  }
}

const adminOf = (connection: Connection) => connection.getClient().db('admin');

function databaseOf({ db }: Connection) {
  if (!db) throw new Error('not connected');
  return db;
}
