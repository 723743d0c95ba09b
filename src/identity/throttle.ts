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
 * Slows guesses at one thing down, the longer the more. Kept in the store: neither a restart nor another process gives
 * new tries.
 */
export interface Throttle {
  /**
   * Takes a try, counted as failed until `forget` says otherwise: of guesses sent together none is looked at uncounted.
   *
   * @throws Problem `too_many_requests` with `Retry-After`; such a try is not counted
   */
  take(key: string): Promise<void>;
  /** Ends the row of failures: somebody proved that the tries were theirs. */
  forget(key: string): Promise<void>;
}

/**
 * @param name       tells its keys from those of other throttles
 * @param delayAfter milliseconds to wait after so many failures in a row
 * @param secret     keys the HMAC of the keys
 */
export function makeThrottle(
  { db, clock, secret }: { readonly db: Db; readonly clock: Clock; readonly secret: Uint8Array },
  name: string,
  delayAfter: (failures: number) => number,
): Throttle {
  const idOf = (key: string) => `${name} ${createHmac('sha256', secret).update(key).digest('base64url')}`;

  /** False when somebody else counted meanwhile. */
  const count = async (id: string): Promise<boolean> => {
    const now = clock.now();
    const tries = AllTries(db).collection;
    const found = (await tries.findOne({ _id: id as never })) as unknown as Tries | null;
    if (found && found.retryAt > now) throw tooMany(found.retryAt.getTime() - now.getTime());
    const failures = (found && found.expiresAt > now ? found.failures : 0) + 1;
    const next = {
      failures,
      retryAt: new Date(now.getTime() + delayAfter(failures)),
      expiresAt: new Date(now.getTime() + FORGOTTEN_AFTER_MS),
    };
    if (!found) return tries.insertOne({ _id: id, ...next } as never).then(() => true, ifDuplicate);
    const { failures: seen, expiresAt } = found;
    return (await tries.updateOne({ _id: id as never, failures: seen, expiresAt }, { $set: next })).modifiedCount === 1;
  };

  return {
    take: async (key) => {
      const id = idOf(key);
      for (let race = 0; race < MOST_RACES; race += 1) if (await count(id)) return;
      throw kernelProblem('unavailable', { headers: { 'Retry-After': '1' } });
    },
    forget: async (key) => {
      await AllTries(db).collection.deleteOne({ _id: idOf(key) as never });
    },
  };
}

function ifDuplicate(error: unknown): false {
  if (!isDuplicate(error)) throw error;
  return false;
}
