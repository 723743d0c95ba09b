import type { Actor } from '../kernel/actor.js';
import type { EvidenceContext } from './context.js';
import { keysRewrapped } from './events.js';
import { KeyLost, type WrappedKey } from './master-keys.js';
import { replaceKey, wrappedByOthers } from './objects.js';
import { wrappingContext } from './vault.js';
import type { ObjectDoc } from './words.js';

/** Data keys in one transaction: few enough to be quick, and one line in the log for many. */
const BATCH = 50;

export interface Rewrapped {
  /** The master key that wraps from now on. */
  readonly active: string;
  readonly rewrapped: number;
  /** Data keys that stay as they are, by the master key that is not here. */
  readonly lost: Readonly<Record<string, number>>;
}

/**
 * Wraps every data key by the active master key; objects are not touched. Begun again it goes on where it was.
 *
 * Audited as `evidence.keys-rewrapped`, once a batch.
 */
export async function rewrapKeys({ db, vault, transact }: EvidenceContext, actor: Actor): Promise<Rewrapped> {
  const active = vault.keys.active();
  const lost: Record<string, number> = {};
  let rewrapped = 0;
  for (let after = ''; ; ) {
    const objects = await wrappedByOthers(db, active, after, BATCH);
    const last = objects.at(-1);
    if (!last) return { active, rewrapped, lost };
    after = last._id;
    const fresh: { object: ObjectDoc; key: WrappedKey }[] = [];
    for (const object of objects) {
      const dataKey = await unwrap(object);
      if (dataKey) fresh.push({ object, key: await vault.keys.wrap(dataKey, wrappingContext(object)) });
    }
    if (fresh.length === 0) continue;
    rewrapped += await transact(actor, async (tx) => {
      let done = 0;
      for (const { object, key } of fresh) if (await replaceKey(tx, object, key)) done += 1;
      tx.record(keysRewrapped(active, done));
      return done;
    });
  }

  async function unwrap(object: ObjectDoc): Promise<Uint8Array | undefined> {
    if (object.key === undefined) return undefined;
    try {
      return await vault.keys.unwrap(object.key, wrappingContext(object));
    } catch (error) {
      if (!(error instanceof KeyLost)) throw error;
      lost[error.masterKeyId] = (lost[error.masterKeyId] ?? 0) + 1;
      return undefined;
    }
  }
}
