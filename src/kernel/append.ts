import type { ClientSession, Connection } from 'mongoose';
import { isAway } from './mongo.js';

/** Rows to insert, by the name of their collection. */
export type Appended = ReadonlyMap<string, readonly object[]>;

const COMMAND_NOT_FOUND = 59;
const FIRST_WIRE_VERSION_WITH_BULK_WRITE = 25; // MongoDB 8.0

const knowsBulkWrite = new WeakMap<Connection, Promise<boolean>>();
const admins = new WeakMap<Connection, ReturnType<typeof adminOf>>();

/**
 * Inserts rows of several collections inside a transaction, in one command where the store knows `bulkWrite` (MongoDB 8.0,
 * the embedded store), with one insert per collection elsewhere. A round trip costs more than the rows it carries.
 */
export async function insertAppended(connection: Connection, session: ClientSession, rows: Appended): Promise<void> {
  if (rows.size === 0) return;
  const known = knowsBulkWrite.get(connection) ?? askForBulkWrite(connection);
  knowsBulkWrite.set(connection, known);
  known.catch(() => knowsBulkWrite.delete(connection)); // it was away: the next one asks again
  if (await known) return insertAtOnce(connection, session, rows);
  for (const [name, documents] of rows) {
    await databaseOf(connection)
      .collection(name)
      .insertMany([...documents], { session, ignoreUndefined: true });
  }
}

async function insertAtOnce(connection: Connection, session: ClientSession, rows: Appended): Promise<void> {
  const names = [...rows.keys()];
  const ops = names.flatMap((name, insert) => (rows.get(name) ?? []).map((document) => ({ insert, document })));
  const nsInfo = names.map((name) => ({ ns: `${connection.name}.${name}` }));
  const admin = admins.get(connection) ?? adminOf(connection);
  admins.set(connection, admin); // the driver makes a new one, options and all, each time it is asked
  const answer = await admin.command(
    { bulkWrite: 1, ops, nsInfo, errorsOnly: true },
    { session, ignoreUndefined: true },
  );
  const [failed] = answer['cursor'].firstBatch as { code: number; errmsg: string }[];
  if (failed) throw Object.assign(new Error('a row could not be inserted'), { code: failed.code });
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
