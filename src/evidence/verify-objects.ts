import { systemActor } from '../kernel/actor.js';
import { HOUR } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { EvidenceContext } from './context.js';
import { evidenceReturned, evidenceVerified, type Failure } from './events.js';
import { KeyLost } from './master-keys.js';
import { ObjectMissing } from './object-store.js';
import { markObject, stampChecked, unreadSince } from './objects.js';
import { failureOf } from './open-original.js';
import { raiseAlarm } from './raise-alarm.js';
import { evidenceOfObject, insertCustody, setOriginal } from './store.js';
import { ObjectDamaged } from './vault.js';
import type { ObjectDoc, OriginalState } from './words.js';

/** A little less than a day, so that each night reads what the night before read. */
const READ_EVERY_MS = 20 * HOUR;
const BATCH = 25;

export interface Verified {
  readonly intact: number;
  readonly damaged: number;
  readonly missing: number;
  readonly keyLost: number;
}

type Found = 'intact' | 'key-lost' | Failure;

/**
 * Reads every object through that nobody has read through for most of a day: decrypts it, hashes it, compares.
 *
 * What is not what was received raises the alarm once; what is again, is said to be. Audited as `evidence.verified`.
 */
export async function verifyObjects(ctx: EvidenceContext): Promise<Verified> {
  const total = { intact: 0, damaged: 0, missing: 0, keyLost: 0 };
  const actor = systemActor('verify', newId('verify'));
  const before = new Date(ctx.clock.now().getTime() - READ_EVERY_MS);
  const unread = new Set<string>(); // the store could not say; they are tried again the next time
  for (;;) {
    const objects = (await unreadSince(ctx.db, before, BATCH + unread.size)).filter(({ _id }) => !unread.has(_id));
    if (objects.length === 0) return total;
    const read: string[] = [];
    const batch = { intact: 0, damaged: 0, missing: 0, keyLost: 0 };
    for (const object of objects) {
      const found = await tryToRead(object);
      if (found === undefined) continue;
      batch[keyOf(found)] += 1;
      await settle(object, found);
      read.push(object._id);
    }
    if (read.length === 0) continue;
    for (const name of Object.keys(total) as (keyof Verified)[]) total[name] += batch[name];
    await ctx.transact(actor, async (tx) => {
      await stampChecked(tx, read);
      tx.record(evidenceVerified(batch));
    });
  }

  async function tryToRead(object: ObjectDoc): Promise<Found | undefined> {
    try {
      return await readThrough(ctx, object);
    } catch (error) {
      ctx.logger.error('an object of evidence could not be read', { objectId: object._id, error });
      unread.add(object._id);
      return undefined;
    }
  }

  /** Writes only what changed: whoever was told of a damage is not told every night. */
  async function settle(object: ObjectDoc, found: Found): Promise<void> {
    const docs = await evidenceOfObject(ctx.db, object._id);
    const [doc] = docs;
    const state = stateOf(found);
    if (!doc || doc.original === state || doc.original === 'erased') return;
    if (typeof found === 'object') {
      const caseNumber = (await ctx.caseNumber(ctx.db, doc.caseId)) ?? doc.caseId;
      return raiseAlarm(ctx, actor, caseNumber, doc, found);
    }
    if (found === 'key-lost')
      ctx.logger.error('a master key of evidence is not here', { masterKeyId: object.key?.masterKeyId });
    await ctx.transact(actor, async (tx) => {
      await setOriginal(tx, object._id, state);
      await markObject(tx, object._id, { joinable: found === 'intact' });
      if (found === 'intact') insertCustody(tx, docs, 'restored', `was ${doc.original}`, { after: doc.sha256 });
      for (const each of docs) tx.record(evidenceReturned(each, state));
    });
  }
}

const stateOf = (found: Found): OriginalState => {
  if (found === 'intact') return 'kept';
  if (found === 'key-lost') return 'key-lost';
  return found.because === 'missing' ? 'missing' : 'damaged';
};

const keyOf = (found: Found): keyof Verified => {
  if (found === 'intact') return 'intact';
  if (found === 'key-lost') return 'keyLost';
  return found.because === 'missing' ? 'missing' : 'damaged';
};

/** @throws what the store or KMS throws when it is away: then nothing is known */
export async function readThrough({ vault }: Pick<EvidenceContext, 'vault'>, object: ObjectDoc): Promise<Found> {
  try {
    const opened = await vault.open(object);
    for await (const piece of opened.bytes) opened.giveBack(piece);
    return 'intact';
  } catch (error) {
    if (error instanceof ObjectMissing) return { because: 'missing', found: null };
    if (error instanceof ObjectDamaged) return failureOf(error);
    if (error instanceof KeyLost) return 'key-lost';
    throw error;
  }
}
