import { Long } from 'bson';
import { CommandError } from './errors.js';
import { PAUSE, Pace, paced } from './pace.js';
import { RawPart, type Reply } from './wire.js';

/** MongoDB's cursorTimeoutMillis. */
const IDLE_MS = 10 * 60_000;
/** A reply stays below this, in bytes of documents. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
export const FIRST_BATCH = 101;

interface Open {
  readonly ns: string;
  readonly rest: Iterator<Buffer>;
  /** The document that did not fit the last batch. */
  held: Buffer | undefined;
  usedAt: number;
  /** Its maxTimeMS holds for all its batches together. */
  readonly pace: Pace;
  /** A batch of it is being read. */
  busy: boolean;
  /** The transaction it reads in; it ends with that. */
  readonly owner: object | undefined;
}

/** Results on their way to clients. An open cursor holds a place in a range, or the sorted rest of a result. */
export class Cursors {
  readonly #open = new Map<string, Open>();
  #last = BigInt(Date.now()) << 20n;

  /** The first batch of a result that is there; opens a cursor when there is more. */
  first(ns: string, documents: Iterable<Buffer>, batchSize: number, single: boolean, owner?: object): Reply {
    const work = this.firstOf(ns, documents, batchSize, single, new Pace(Infinity, false), owner);
    return work.next().value as Reply;
  }

  /** The first batch of a result that has to be read, which may pause. */
  *firstOf(
    ns: string,
    documents: Iterable<Buffer>,
    batchSize: number,
    single: boolean,
    pace: Pace,
    owner?: object,
  ): Generator<Buffer, Reply> {
    const rest = documents[Symbol.iterator]();
    const open: Open = { ns, rest, held: undefined, usedAt: Date.now(), pace, busy: false, owner };
    const { batch, done } = yield* take(open, batchSize);
    let id = 0n;
    if (!done && !single) {
      id = ++this.#last;
      this.#open.set(String(id), open);
    } else open.rest.return?.();
    return { cursor: { firstBatch: RawPart.array(batch), id: Long.fromBigInt(id), ns }, ok: 1 };
  }

  /** @throws CommandError CursorNotFound */
  next(id: bigint, ns: string, batchSize: number, owner?: object): Reply | Promise<Reply> {
    const open = this.#open.get(String(id));
    if (!open || open.owner !== owner) throw new CommandError(43, `cursor id ${id} not found`);
    if (open.ns !== ns)
      throw new CommandError(
        13,
        `Requested getMore on namespace '${ns}', but cursor belongs to a different namespace ${open.ns}`,
      );
    if (open.busy) throw new CommandError(12051, `cursor id ${id} is already in use`);
    return paced(this.#nextOf(id, open, batchSize), open.pace);
  }

  *#nextOf(id: bigint, open: Open, batchSize: number): Generator<Buffer, Reply> {
    const { ns } = open;
    open.busy = true;
    let taken: Taken = { batch: [], done: true };
    try {
      taken = yield* take(open, batchSize);
    } finally {
      open.busy = false;
      open.usedAt = Date.now();
      if (taken.done) this.#open.delete(String(id));
    }
    const { batch, done } = taken;
    return { cursor: { nextBatch: RawPart.array(batch), id: Long.fromBigInt(done ? 0n : id), ns }, ok: 1 };
  }

  kill(id: bigint): boolean {
    const open = this.#open.get(String(id));
    open?.rest.return?.();
    return this.#open.delete(String(id));
  }

  /** Ends the cursors of a transaction, or those nobody asked for more in ten minutes. */
  sweep(now: number): void {
    for (const [id, open] of this.#open) if (open.usedAt < now - IDLE_MS && !open.busy) this.kill(BigInt(id));
  }

  endOf(owner: object): void {
    for (const [id, open] of this.#open) if (open.owner === owner) this.kill(BigInt(id));
  }
}

interface Taken {
  readonly batch: Buffer[];
  readonly done: boolean;
}

function* take(open: Open, batchSize: number): Generator<Buffer, Taken> {
  const batch: Buffer[] = [];
  let bytes = 0;
  while (batch.length < batchSize) {
    const raw = open.held ?? (yield* nextOf(open.rest));
    open.held = undefined;
    if (!raw) return { batch, done: true };
    if (batch.length > 0 && bytes + raw.length > MAX_BATCH_BYTES) {
      open.held = raw;
      return { batch, done: false };
    }
    batch.push(raw);
    bytes += raw.length;
  }
  open.held = yield* nextOf(open.rest);
  return { batch, done: open.held === undefined };
}

function* nextOf(rest: Iterator<Buffer>): Generator<Buffer, Buffer | undefined> {
  for (;;) {
    const { done, value } = rest.next();
    if (done) return undefined;
    if (value !== PAUSE) return value;
    yield PAUSE;
  }
}
