import { createHmac } from 'node:crypto';
import { Schema } from 'mongoose';
import { type Clock, DAY } from '../kernel/clock.js';
import { tooMany } from '../kernel/limits.js';
import { collection, type Db, isDuplicate, SCHEMA_OPTIONS } from '../kernel/mongo.js';
import { kernelProblem } from '../kernel/problem.js';

interface Tries {
  /** What is throttled, and an HMAC of the key: neither addresses nor names stand here. */
  _id: string;
  /** In a row, without a success. */
  failures: number;
  /** No further try is looked at before this instant. */
  retryAt: Date;
  expiresAt: Date;
}

const schema = new Schema<Tries>(
  {
    _id: String,
    failures: { type: Number, required: true },
    retryAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  SCHEMA_OPTIONS,
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const AllTries = collection<Tries>('tries', schema);

const FORGOTTEN_AFTER_MS = 1 * DAY; // without a further try
const MOST_RACES = 50;

/**
 * Slows guesses at one thing down, the longer the more. Kept in the store: neither a restart nor another process gives new
 * tries. Whoever looks, tries and counts does so one after another for each key; then a success writes nothing.
 */
export interface Throttle {
  /**
   * Asks whether a try may be looked at.
   *
   * @returns failures in a row before it
   * @throws Problem `too_many_requests` with `Retry-After`
   */
  look(key: string): Promise<number>;
  /** Counts a failure. */
  count(key: string): Promise<void>;
  /** Ends the row of failures: somebody proved that the tries were theirs. */
  forget(key: string): Promise<void>;
}

interface ThrottleParts {
  readonly db: Db;
  readonly clock: Clock;
  /** Keys the HMAC of the keys. */
  readonly secret: Uint8Array;
  readonly read: ReturnType<typeof readTogether>;
}

/** Reads rows by id; those that are asked for in one turn, by several throttles too, in one round trip. */
export function readTogether(db: Db): (id: string) => Promise<Tries | undefined> {
  let asked: string[] = [];
  let answer: Promise<ReadonlyMap<string, Tries>> | undefined;
  const readAsked = async () => {
    const ids = asked as never[];
    asked = [];
    answer = undefined;
    const rows = await AllTries(db)
      .collection.find({ _id: { $in: ids } })
      .toArray();
    return new Map((rows as unknown as Tries[]).map((row) => [row._id, row]));
  };
  return async (id) => {
    asked.push(id);
    answer ??= Promise.resolve().then(readAsked);
    return (await answer).get(id);
  };
}

/**
 * @param name       tells its keys from those of other throttles
 * @param delayAfter milliseconds to wait after so many failures in a row
 */
export function makeThrottle(
  { db, clock, secret, read: readTries }: ThrottleParts,
  name: string,
  delayAfter: (failures: number) => number,
): Throttle {
  const tries = () => AllTries(db).collection;
  const idOf = (key: string) => `${name} ${createHmac('sha256', secret).update(key).digest('base64url')}` as never;
  const read = (key: string) => readTries(idOf(key));
  const failuresOf = (found: Tries | undefined, now: Date) => (found && found.expiresAt > now ? found.failures : 0);

  /** False when another process counted meanwhile. */
  const countOnce = async (key: string): Promise<boolean> => {
    const now = clock.now();
    const found = await read(key);
    const failures = failuresOf(found, now) + 1;
    const next = {
      failures,
      retryAt: new Date(now.getTime() + delayAfter(failures)),
      expiresAt: new Date(now.getTime() + FORGOTTEN_AFTER_MS),
    };
    if (!found)
      return tries()
        .insertOne({ _id: idOf(key), ...next } as never)
        .then(() => true, ifDuplicate);
    const { failures: seen, expiresAt } = found;
    return (await tries().updateOne({ _id: idOf(key), failures: seen, expiresAt }, { $set: next })).modifiedCount === 1;
  };

  return {
    look: async (key) => {
      const now = clock.now();
      const found = await read(key);
      if (found && found.retryAt > now) throw tooMany(found.retryAt.getTime() - now.getTime());
      return failuresOf(found, now);
    },
    count: async (key) => {
      for (let race = 0; race < MOST_RACES; race += 1) if (await countOnce(key)) return;
      throw kernelProblem('unavailable', { headers: { 'Retry-After': '1' } });
    },
    forget: async (key) => {
      await tries().deleteOne({ _id: idOf(key) });
    },
  };
}

function ifDuplicate(error: unknown): false {
  if (!isDuplicate(error)) throw error;
  return false;
}
