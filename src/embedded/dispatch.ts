import { BSONError, type Document, Long } from 'bson';
import { buildIndex } from './build-index.js';
import { type Call, type Command, checkFields } from './commands/command.js';
import { commandOf } from './commands/index.js';
import type { Cursors } from './cursors.js';
import { CommandError, noSuchTransaction } from './errors.js';
import { isDocument, numberOf } from './numeric.js';
import { Pace } from './pace.js';
import type { Sessions } from './sessions.js';
import type { Store } from './store.js';
import type { Transaction } from './transaction.js';
import type { WritableView } from './view.js';
import { encodeReply, type Reply, type Request } from './wire.js';

/** What all connections share. */
export interface Shared {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly cursors: Cursors;
  readonly address: string;
}

const NEVER_IN_TRANSACTION = new Set([
  'hello',
  'isMaster',
  'ismaster',
  'ping',
  'buildInfo',
  'buildinfo',
  'endSessions',
]);

/**
 * Runs one request and encodes its answer; every failure becomes an answer too. Reads are answered at once, without a
 * promise in between.
 */
export function dispatch(
  shared: Shared,
  request: Request,
  connection: object,
  connectionId: number,
): Buffer | Promise<Buffer> {
  const { body } = request;
  const name = Object.keys(body)[0] ?? '';
  try {
    const answer = run(shared, request, name, connection, connectionId);
    return answer instanceof Promise ? answer.catch((error) => failed(shared, body, name, error)) : answer;
  } catch (error) {
    return failed(shared, body, name, error);
  }
}

function run(
  shared: Shared,
  request: Request,
  name: string,
  connection: object,
  connectionId: number,
): Buffer | Promise<Buffer> {
  const { body } = request;
  const db = body.$db;
  if (typeof db !== 'string' || db === '' || /[/\\. "$\0]/.test(db) || Buffer.byteLength(db) > 63)
    throw new CommandError(73, `Invalid database name: '${String(db)}'`);
  if (name === 'commitTransaction' || name === 'abortTransaction') return endTransaction(shared, body, name);
  const command = commandOf(name, body);
  if (!command) throw new CommandError(59, `no such command: '${name}'`);
  checkFields(name, command, body);
  const transaction = transactionOf(shared, body, name, command, connection);
  const gone = () => (connection as { readonly destroyed?: boolean }).destroyed === true;
  const pace = new Pace(numberOf(body['maxTimeMS']) || Infinity, command.kind === 'read', gone);
  const call: Call = { ...shared, request, name, body, db, transaction, connectionId, pace, dropped: [], building: [] };
  if (command.kind !== 'write') {
    const reply =
      command.kind === 'read' ? command.run(call, transaction?.view ?? shared.store.reader) : command.run(call);
    return reply instanceof Promise ? reply.then(encodeReply) : encodeReply(reply);
  }
  if (transaction) return inTransaction(command, call, transaction);
  return write(shared, command, call);
}

function inTransaction(command: Command & { kind: 'write' }, call: Call, transaction: Transaction): Buffer {
  const reply = command.run(call, transaction.view);
  if (reply.writeErrors || reply.nErrors) call.sessions.abortIfOpen(call.body.lsid);
  return encodeReply(reply);
}

async function write(shared: Shared, command: Command & { kind: 'write' }, call: Call): Promise<Buffer> {
  const { body } = call;
  const once = (record?: (view: WritableView, reply: Buffer) => void) =>
    shared.store.write((view) => {
      call.dropped = [];
      call.building = [];
      call.pace.begin();
      const encoded = encodeReply({ ...command.run(call, view), ...concern(body.writeConcern) });
      record?.(view, encoded);
      return encoded;
    }, numberOf(body.maxTimeMS) || Infinity);
  const retryable = body.txnNumber instanceof Long && isDocument(body.lsid);
  const reply = await (retryable ? shared.sessions.retryable(body.lsid, body.txnNumber.toBigInt(), once) : once());
  for (const id of call.building) await buildIndex(shared.store, id);
  for (const id of call.dropped) await shared.store.dropKeyspace(id);
  return reply;
}

const NO_CONCERN: Reply = {};
const DONE = encodeReply({ ok: 1 });

/** A set of one member can never satisfy more. */
function concern(writeConcern: unknown): Reply {
  const w = isDocument(writeConcern) ? numberOf(writeConcern.w) : undefined;
  if (w === undefined || w <= 1) return NO_CONCERN;
  return {
    writeConcernError: { code: 100, codeName: 'UnsatisfiableWriteConcern', errmsg: 'Not enough data-bearing nodes' },
  };
}

function transactionOf(
  shared: Shared,
  body: Document,
  name: string,
  command: Command,
  connection: object,
): Transaction | undefined {
  if (body.autocommit === undefined) {
    if (body.startTransaction !== undefined)
      throw new CommandError(72, "'startTransaction' field requires 'autocommit' field to also be specified");
    return undefined;
  }
  if (body.autocommit !== false || NEVER_IN_TRANSACTION.has(name))
    throw new CommandError(72, "Cannot run this command with 'autocommit'");
  if (!command.inTransaction) throw new CommandError(263, `Cannot run '${name}' in a multi-document transaction.`);
  const number = numberOfTransaction(body);
  const transaction = shared.sessions.transaction(body.lsid, number, body.startTransaction === true, connection);
  if (body.startTransaction === true) void transaction.ended.then(() => shared.cursors.endOf(transaction));
  return transaction;
}

function numberOfTransaction(body: Document): bigint {
  if (!(body.txnNumber instanceof Long) || !isDocument(body.lsid))
    throw new CommandError(72, 'a transaction needs lsid and txnNumber');
  return body.txnNumber.toBigInt();
}

async function endTransaction(shared: Shared, body: Document, name: string): Promise<Buffer> {
  const number = numberOfTransaction(body);
  if (body.autocommit !== false) throw noSuchTransaction(number);
  if (name === 'abortTransaction') shared.sessions.abort(body.lsid, number);
  else await shared.sessions.commit(body.lsid, number);
  const unmet = concern(body.writeConcern);
  return unmet === NO_CONCERN ? DONE : encodeReply({ ok: 1, ...unmet });
}

function failed(shared: Shared, body: Document, name: string, thrown: unknown): Buffer {
  const error = asCommandError(thrown);
  if (body.autocommit === false && isDocument(body.lsid) && !['commitTransaction', 'abortTransaction'].includes(name)) {
    try {
      if (error.code !== 251 && error.code !== 225) shared.sessions.abortIfOpen(body.lsid);
    } catch {}
  }
  return encodeReply({ ok: 0, errmsg: error.message, code: error.code, codeName: error.codeName, ...error.details });
}

function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  if (error instanceof BSONError) return new CommandError(2, error.message);
  return new CommandError(1, error instanceof Error ? error.message : String(error));
}
