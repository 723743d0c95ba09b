import { setTimeout as delay } from 'node:timers/promises';
import type { ClientSession, Connection } from 'mongoose';
import { type Appended, writeAppended } from './append.js';
import { isAway, isDuplicate, isNowhere } from './mongo.js';

/** What is read is one moment of the store; what is committed is on the disk of most members. */
export const TRANSACTION = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
} as const;

const ATTEMPTS = 12;
const FIRST_PAUSE_MS = 4; // doubled at each attempt

/** A transaction that begins when something first reads or writes in it. */
export class Transaction {
  readonly #connection: Connection;
  #session: ClientSession | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get begun(): boolean {
    return this.#session?.inTransaction() ?? false;
  }

  get session(): ClientSession {
    this.#session ??= this.#connection.getClient().startSession();
    if (!this.#session.inTransaction()) this.#session.startTransaction(TRANSACTION);
    return this.#session;
  }

  /** @throws InTheWay when a unique key of the rows is taken, or a row to amend does not fit any more */
  async write(appended: Appended): Promise<void> {
    const allFit = await orTaken(writeAppended(this.#connection, this.session, appended));
    if (!allFit) throw new InTheWay('a row that was to be amended does not fit any more');
  }

  /** A commit whose answer got lost is asked again: the store knows whether it happened. */
  async commit(): Promise<void> {
    const { session } = this; // once: after the first try it is in no transaction any more, and would begin another
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await session.commitTransaction();
      } catch (error) {
        if (!isUnknown(error) || attempt >= ATTEMPTS) throw error;
        await delay(FIRST_PAUSE_MS * 2 ** attempt);
      }
    }
  }

  async rollBack(): Promise<void> {
    if (this.begun) await this.#session?.abortTransaction().catch(() => undefined);
  }

  /** Rolls back what was not committed. */
  async end(): Promise<void> {
    await this.rollBack();
    await this.#session?.endSession();
  }
}

/** Whether a commit may have happened. The driver labels no error of a connection that it gave up before the answer came. */
const isUnknown = (error: unknown): boolean =>
  hasLabel(error, 'UnknownTransactionCommitResult') || (isAway(error) && !isNowhere(error));

/** Other acts were in the way, and nothing has happened; the next run meets what they did. */
export class InTheWay extends Error {
  override readonly name = 'InTheWay';

  constructor(cause: unknown) {
    super('other acts were in the way', { cause });
  }
}

/**
 * For a write of a unique key that this transaction found free: when another one took it meanwhile, the transaction runs again
 * and meets who took it. Some stores tell of that as a write conflict, others as a duplicate.
 */
export const orTaken = <T>(written: Promise<T>): Promise<T> =>
  written.catch((error: unknown) => {
    throw isDuplicate(error) ? new InTheWay(error) : error;
  });

export const hasLabel = (error: unknown, label: string): boolean =>
  typeof (error as { hasErrorLabel?: unknown })?.hasErrorLabel === 'function' &&
  (error as { hasErrorLabel(label: string): boolean }).hasErrorLabel(label);

/** What one act leaves to be written, and what must be done besides before that is committed. */
interface Joining {
  readonly appended: Appended;
  readonly meanwhile: Promise<unknown>;
  /** Whether somebody waits for it. */
  readonly isAwaited: boolean;
}

/** So many that a round trip costs each of them next to nothing. */
const MOST_TOGETHER = 32;
/** Longer than a store in good health takes: behind one that does not answer nobody queues. And what nobody waits for waits no longer. */
const LONGEST_WAIT_MS = 100;

/**
 * Commits acts that only append. Those that come while others are on their way gather, and go next in one transaction, once it has
 * one that is awaited; at once when it is full, and when it has waited long enough.
 *
 * @throws InTheWay when the rows of another act of the group may be what failed: then each must go by itself
 */
export function sharedCommits(connection: Connection): (act: Joining) => Promise<void> {
  let gathering: { acts: Joining[]; committed: Promise<void>; goNext: () => void; go: () => void } | undefined;
  let before: Promise<unknown> = Promise.resolve();

  const begin = () => {
    const acts: Joining[] = [];
    const awaited = withResolver();
    const fullOrLate = withResolver();
    const late = setTimeout(fullOrLate.resolve, LONGEST_WAIT_MS);
    const next = Promise.all([before, awaited.promise]);
    const committed = Promise.race([next, fullOrLate.promise]).then(() => {
      clearTimeout(late);
      if (gathering?.acts === acts) gathering = undefined;
      return commitTogether(connection, acts);
    });
    before = committed.catch(() => undefined);
    return { acts, committed, goNext: awaited.resolve, go: fullOrLate.resolve };
  };

  return (act) => {
    act.meanwhile.catch(() => undefined); // told when it is waited for
    gathering ??= begin();
    const { acts, committed, goNext, go } = gathering;
    if (act.isAwaited) goNext();
    if (acts.push(act) === MOST_TOGETHER) {
      gathering = undefined;
      go();
    }
    return committed;
  };
}

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

async function commitTogether(connection: Connection, acts: readonly Joining[]): Promise<void> {
  const transaction = new Transaction(connection);
  try {
    const written = transaction.write(merged(acts));
    await Promise.all([written, ...acts.map(({ meanwhile }) => meanwhile)]).catch((error: unknown) => {
      throw acts.length > 1 && !isAway(error) ? new InTheWay(error) : error;
    });
    await transaction.commit();
  } finally {
    await transaction.end();
  }
}

function merged(acts: readonly Joining[]): Appended {
  const [first, ...others] = acts;
  if (first && others.length === 0) return first.appended;
  const all = new Map<string, object[]>();
  for (const { appended } of acts)
    for (const [name, documents] of appended.rows) {
      const there = all.get(name);
      if (there) there.push(...documents);
      else all.set(name, [...documents]);
    }
  return { rows: all, amendments: acts.flatMap(({ appended }) => appended.amendments) };
}
