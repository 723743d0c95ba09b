import { Binary, type Document, deserialize, Long, serialize } from 'bson';
import { keyIn, OWN } from './catalogue.js';
import { CommandError, noSuchTransaction } from './errors.js';
import { after } from './keys.js';
import type { Store } from './store.js';
import type { Transaction } from './transaction.js';
import type { WritableView } from './view.js';

const UUID_BYTES = 16;
/** MongoDB's transactionLifetimeLimitSeconds. */
const TRANSACTION_MS = 60_000;
/** What hello announces as logicalSessionTimeoutMinutes; what a session did is forgotten then. */
export const SESSION_MINUTES = 30;

/** What a session did under its latest transaction number. */
interface Session {
  readonly id: Buffer;
  number: bigint;
  usedAt: number;
  transaction?: Transaction | undefined;
  timer?: NodeJS.Timeout | undefined;
  connection?: object | undefined;
  committed?: boolean;
  /** The reply to a retryable write, or its promise while it is on its way. */
  reply?: Buffer | Promise<Buffer> | undefined;
  committing?: Promise<void> | undefined;
}

/**
 * Sessions: the open transaction of each, and what its last retryable write answered, so that a write that is sent again
 * is answered again and not done again. The answer lies in the store beside what was written, in the same commit.
 */
export class Sessions {
  readonly #store: Store;
  readonly #transactionMs: number;
  readonly #sessions = new Map<string, Session>();

  /** @param transactionMs  when an open transaction is aborted */
  constructor(store: Store, transactionMs = TRANSACTION_MS) {
    this.#store = store;
    this.#transactionMs = transactionMs;
  }

  #session(lsid: Document): Session {
    const id = lsid?.id;
    if (!(id instanceof Binary) || id.position !== UUID_BYTES) throw new CommandError(72, 'lsid.id has to be a UUID');
    const key = Buffer.from(id.buffer.subarray(0, id.position));
    const name = key.toString('latin1');
    let session = this.#sessions.get(name);
    if (!session) {
      session = this.#recall(key) ?? { id: key, number: -1n, usedAt: 0 };
      this.#sessions.set(name, session);
    }
    session.usedAt = Date.now();
    return session;
  }

  #recall(id: Buffer): Session | undefined {
    const stored = this.#store.reader.get(keyIn(OWN.sessions, id));
    if (!stored) return undefined;
    const record = deserialize(stored, { promoteBuffers: true, promoteLongs: false });
    const number = (record.number as Long).toBigInt();
    const reply = record.reply ? Buffer.from(record.reply as Uint8Array) : undefined;
    return { id, number, usedAt: Date.now(), committed: record.committed === true, ...(reply ? { reply } : {}) };
  }

  #remember(view: WritableView, session: Session, what: Document): void {
    const record = { number: Long.fromBigInt(session.number), at: new Date(), ...what };
    view.put(keyIn(OWN.sessions, session.id), Buffer.from(serialize(record)));
  }

  /** Begins a transaction, or finds the one a command belongs to. */
  transaction(lsid: Document, txnNumber: bigint, starts: boolean, connection: object): Transaction {
    const session = this.#session(lsid);
    if (txnNumber < session.number) throw tooOld(txnNumber, session.number);
    if (starts) {
      if (txnNumber === session.number && (session.transaction || session.committed || session.reply))
        throw new CommandError(251, `Transaction ${txnNumber} has already been started`, {
          errorLabels: ['TransientTransactionError'],
        });
      this.#abort(session);
      this.#advance(session, txnNumber);
      session.transaction = this.#store.begin();
      session.timer = setTimeout(() => this.#abort(session), this.#transactionMs);
      session.timer.unref();
    }
    if (txnNumber !== session.number || !session.transaction) throw noSuchTransaction(txnNumber);
    session.connection = connection;
    return session.transaction;
  }

  #advance(session: Session, number: bigint): void {
    session.number = number;
    session.reply = undefined;
    session.committed = false;
    session.committing = undefined;
  }

  async commit(lsid: Document, txnNumber: bigint): Promise<void> {
    const session = this.#session(lsid);
    if (txnNumber < session.number) throw tooOld(txnNumber, session.number);
    if (txnNumber === session.number && session.committed) return;
    if (txnNumber === session.number && session.committing) return session.committing;
    if (txnNumber !== session.number || !session.transaction) throw noSuchTransaction(txnNumber);
    const { transaction } = session;
    this.#forget(session);
    if (!transaction.changed) {
      this.#store.abort(transaction);
      session.committed = true;
      return;
    }
    session.committing = this.#store.commit(transaction, (view) => this.#remember(view, session, { committed: true }));
    try {
      await session.committing;
      if (session.number === txnNumber) session.committed = true;
    } finally {
      if (session.number === txnNumber) session.committing = undefined;
    }
  }

  abort(lsid: Document, txnNumber: bigint): void {
    const session = this.#session(lsid);
    if (txnNumber === session.number && (session.committed || session.committing))
      throw new CommandError(256, `Transaction ${txnNumber} has been committed.`);
    if (txnNumber !== session.number || !session.transaction) throw noSuchTransaction(txnNumber);
    this.#abort(session);
  }

  /** After any error inside a transaction it is over, as on MongoDB. */
  abortIfOpen(lsid: Document): void {
    this.#abort(this.#session(lsid));
  }

  #abort(session: Session): void {
    const { transaction } = session;
    if (!transaction) return;
    this.#forget(session);
    this.#store.abort(transaction);
  }

  #forget(session: Session): void {
    clearTimeout(session.timer);
    session.timer = undefined;
    session.transaction = undefined;
    session.connection = undefined;
  }

  /** A connection is gone: transactions that spoke over it last cannot be trusted to go on. */
  dropped(connection: object): void {
    for (const session of this.#sessions.values()) if (session.connection === connection) this.#abort(session);
  }

  end(lsids: readonly Document[]): void {
    for (const lsid of lsids) {
      const session = this.#session(lsid);
      this.#abort(session);
    }
  }

  endAll(): void {
    for (const session of this.#sessions.values()) this.#abort(session);
  }

  /** The sessions of which something is remembered here. */
  known(): { id: Binary; usedAt: Date }[] {
    return [...this.#sessions.values()].map(({ id, usedAt }) => ({ id: new Binary(id, 4), usedAt: new Date(usedAt) }));
  }

  /**
   * Does a write once per transaction number.
   *
   * @param write  does it; calls `record` with the encoded reply inside its commit
   */
  retryable(
    lsid: Document,
    txnNumber: bigint,
    write: (record: (view: WritableView, reply: Buffer) => void) => Promise<Buffer>,
  ): Promise<Buffer> | Buffer {
    const session = this.#session(lsid);
    if (txnNumber < session.number) throw tooOld(txnNumber, session.number);
    if (txnNumber === session.number && session.reply) return session.reply;
    this.#abort(session);
    this.#advance(session, txnNumber);
    const reply = write((view, encoded) =>
      this.#remember(view, { ...session, number: txnNumber }, { reply: new Binary(encoded) }),
    );
    session.reply = reply;
    reply.then(
      (encoded) => {
        if (session.number === txnNumber) session.reply = encoded;
      },
      () => {
        if (session.number === txnNumber) session.reply = undefined;
      },
    );
    return reply;
  }

  /** Forgets sessions that were not used for SESSION_MINUTES. */
  async sweep(now: number): Promise<void> {
    const horizon = now - SESSION_MINUTES * 60_000;
    for (const [name, session] of this.#sessions)
      if (session.usedAt < horizon && !session.transaction) this.#sessions.delete(name);
    const low = keyIn(OWN.sessions, Buffer.alloc(0));
    const stale: Buffer[] = [];
    let last: Buffer | undefined;
    for (;;) {
      const entries = this.#store.reader.chunk({ low, high: after(low) }, 256, last);
      for (const [key, value] of entries) {
        const { at } = deserialize(value);
        if ((at as Date).getTime() < horizon && !this.#sessions.has(key.toString('latin1', 4))) stale.push(key);
      }
      if (entries.length < 256) break;
      last = entries.at(-1)![0];
    }
    if (stale.length > 0)
      await this.#store.write((view) => {
        for (const key of stale) view.remove(key);
      });
  }

  close(): void {
    for (const session of this.#sessions.values()) this.#abort(session);
  }
}

function tooOld(number: bigint, latest: bigint): CommandError {
  return new CommandError(
    225,
    `Cannot start transaction ${number} on session because a newer transaction ${latest} has already started.`,
  );
}
