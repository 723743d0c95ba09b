import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import type { ClientSession, Connection } from 'mongoose';
import type { Actor } from './actor.js';
import type { Amendment, Appended } from './append.js';
import type { AuditDraft } from './audit-draft.js';
import type { Clock } from './clock.js';
import { hasLabel, InTheWay, sharedCommits, Transaction } from './commit.js';
import type { JobRequest } from './jobs.js';
import { type Db, type Declared, isAway, isNowhere } from './mongo.js';
import { kernelProblem } from './problem.js';

/** The only way to write. What takes a `Tx` writes with `{ session: tx.session }` and has no other effect. */
export interface Tx extends Db {
  readonly connection: Connection;
  /** Asked for only by what reads or writes inside the transaction: an act that does neither may share one. */
  readonly session: ClientSession;
  readonly actor: Actor;
  /** The instant of the act; the same for everything the transaction writes. */
  readonly now: Date;
  /** Whether this run follows one that others were in the way of: what that one took for granted must be read now. */
  readonly again: boolean;
  /**
   * Inserts a row just before the commit, together with all others that are appended. For rows that nothing in this
   * transaction reads back. When a unique key was taken meanwhile, the transaction runs again and meets who took it.
   */
  append<T>(into: Declared<T>, row: T): void;
  /**
   * Changes the one row that fits `filter`, together with what is appended. When none fits, the transaction runs again: look then, by
   * `session`, at what became of it. Two acts that amend one row at the same time run one after the other.
   */
  amend<T>(into: Declared<T>, filter: object, update: object): void;
  /** Adds an event to the audit log, committed with the act or not at all. */
  record(event: AuditDraft): void;
  /** Says what must happen once this has committed: an outbox row, committed with the act or not at all. */
  enqueue(job: JobRequest): void;
  /**
   * Says that nobody waits for this act: one that only appends goes with the next that does, a tenth of a second later at most. It has
   * no receipt.
   */
  mayWait(): void;
}

/** `sealed` runs when `work` is done and its events are made, in the same transaction; it asks for the receipt when it needs it. */
export type Transact = <T>(
  actor: Actor,
  work: (tx: Tx) => Promise<T>,
  sealed?: (tx: Tx, result: T, receipt: () => string | undefined) => Promise<void>,
) => Promise<T>;

/** An event as the log will hold it. */
export interface Logged {
  readonly id: string;
  /** SHA-256, 32 bytes. */
  readonly leaf: Uint8Array;
}

/** Appends audit events. */
export type Ledger = (tx: Tx, drafts: readonly AuditDraft[]) => readonly Logged[];

/** Signs that the log will hold these events; undefined when this process cannot. */
export type SignReceipt = (at: Date, events: readonly Logged[]) => string | undefined;

const receipts = new WeakMap<Actor, string[]>();

/** What the log promised to whom in this request: one receipt for each transaction that committed, oldest first. */
export const receiptsOf = (actor: Actor): readonly string[] => receipts.get(actor) ?? [];

/** Appends outbox rows; the ids it returns are rung after the commit. */
export interface Outbox {
  append(tx: Tx, jobs: readonly JobRequest[]): Promise<readonly string[]>;
  ring(ids: readonly string[]): void;
}

const ATTEMPTS = 12;
const FIRST_PAUSE_MS = 4; // doubled at each attempt up to LONGEST_PAUSE_MS, with jitter, so that racers part
const LONGEST_PAUSE_MS = 250;

/**
 * Makes `transact`: one MongoDB transaction (snapshot, majority, journaled) that holds the state change, its audit events
 * and its outbox rows, or nothing.
 *
 * `work` may run several times (write conflicts), so it must have no effect outside `tx`. Acts that only append, and neither read
 * nor write by `tx.session`, share a transaction with others of their kind that come at the same time.
 * @throws Problem `conflict` when others kept winning · the driver's error when the store is away · whatever `work` throws, after rolling back
 */
export function makeTransact({
  db,
  clock,
  ledger,
  receipt,
  outbox,
}: {
  db: Db;
  clock: Clock;
  ledger: Ledger;
  receipt?: SignReceipt;
  outbox: Outbox;
}): Transact {
  const commitTogether = sharedCommits(db.connection);
  let running = 0;
  const alone = () => running === 1;
  return async (actor, work, sealed) => {
    const own = new Transaction(db.connection);
    running += 1;
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const parts = { db, clock, ledger, receipt: actor.kind === 'system' ? undefined : receipt, outbox, alone };
          const act = await once(parts, own, actor, attempt > 1, work, sealed);
          if (attempt === 1 && !own.begun) await commitTogether(act);
          else await commitAlone(own, act);
          outbox.ring(act.rung);
          const receipted = act.receipt();
          if (receipted) receipts.set(actor, [...receiptsOf(actor), receipted]);
          return act.result;
        } catch (error) {
          await own.rollBack();
          if (!mayRunAgain(error)) throw error;
          if (attempt >= ATTEMPTS) throw isAway(error) ? error : kernelProblem('conflict', { cause: error });
          await delay(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
        }
      }
    } finally {
      running -= 1;
      await own.end();
    }
  };
}

interface Parts {
  readonly db: Db;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly receipt: SignReceipt | undefined;
  readonly outbox: Outbox;
  /** Whether no other act is under way in this process. */
  readonly alone: () => boolean;
}

/** An act that is done but for its appended rows and its commit. */
interface Done<T> {
  readonly result: T;
  readonly appended: Appended;
  readonly rung: readonly string[];
  readonly receipt: () => string | undefined;
  /** Settles when the receipt is signed. */
  readonly meanwhile: Promise<unknown>;
  readonly isAwaited: boolean;
}

async function once<T>(
  { db, clock, ledger, receipt, outbox, alone }: Parts,
  own: Transaction,
  actor: Actor,
  again: boolean,
  work: (tx: Tx) => Promise<T>,
  sealed?: (tx: Tx, result: T, receipt: () => string | undefined) => Promise<void>,
): Promise<Done<T>> {
  const drafts: AuditDraft[] = [];
  const jobs: JobRequest[] = [];
  const rows = new Map<string, object[]>();
  const amendments: Amendment[] = [];
  let isAwaited = true;
  const tx: Tx = {
    connection: db.connection,
    get session() {
      return own.session;
    },
    actor,
    now: clock.now(),
    again,
    append: ({ collectionName }, row) => {
      const appended = rows.get(collectionName);
      if (appended) appended.push(row as object);
      else rows.set(collectionName, [row as object]);
    },
    amend: ({ collectionName: collection }, filter, update) => void amendments.push({ collection, filter, update }),
    record: (event) => void drafts.push(event),
    enqueue: (job) => void jobs.push(job),
    mayWait: () => {
      isAwaited = false;
    },
  };
  const result = await work(tx);
  if (drafts.length === 0) throw new Error('a transaction without an audit event must not commit');
  await turn(); // who has waited meanwhile goes first: an act is made in pieces, and a read waits for one of them at most
  const logged = ledger(tx, drafts);
  let signed: string | undefined;
  const sign = isAwaited ? receipt : undefined;
  const receipted = () => (signed ??= sign?.(tx.now, logged));
  await sealed?.(tx, result, receipted);
  const rung = jobs.length > 0 ? await outbox.append(tx, jobs) : [];
  const aside = alone(); // then the receipt is signed while the store is at work
  if (!aside) receipted();
  return {
    result,
    appended: { rows, amendments },
    rung,
    receipt: receipted,
    meanwhile: aside ? turn().then(receipted) : Promise.resolve(),
    isAwaited,
  };
}

async function commitAlone(own: Transaction, { appended, meanwhile }: Done<unknown>): Promise<void> {
  await Promise.all([own.write(appended), meanwhile]);
  await own.commit();
}

const mayRunAgain = (error: unknown): boolean =>
  error instanceof InTheWay || (hasLabel(error, 'TransientTransactionError') && !isNowhere(error));
