import { systemActor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import type { EvidenceContext } from './context.js';
import { masterKeyMade } from './events.js';
import { keysInUse } from './objects.js';
import { type Rewrapped, rewrapKeys } from './rewrap-keys.js';

export interface Rotated extends Rewrapped {
  /** The new master key; null when the keys come from outside, where whoever keeps them puts the new one in front. */
  readonly made: string | null;
  /** Master keys that nothing is under any more: they may be taken away once no backup needs them. */
  readonly unused: readonly string[];
}

/**
 * Changes the master key of evidence: makes a new one where the keys are the folder's own, and wraps every data key by the one
 * in front. Objects are not touched. Run again, it goes on where it was ended.
 *
 * @param make  false: only wrap, by the key that is in front now
 * Audited as `evidence.master-key-made` and `evidence.keys-rewrapped`.
 */
export async function rotateKeysCommand(ctx: EvidenceContext, { make }: { make: boolean }): Promise<Rotated> {
  const actor = systemActor('cli', newId('cli'));
  const { evidenceKeys } = ctx.secrets;
  const inKms = ctx.config.evidence.kmsKeys.length > 0;
  let made: string | null = null;
  if (make && evidenceKeys.add && !inKms) {
    const { id } = evidenceKeys.add();
    made = id;
    await ctx.transact(actor, async (tx) => tx.record(masterKeyMade(id)));
  }
  const rewrapped = await rewrapKeys(ctx, actor);
  const used = await keysInUse(ctx.db);
  const unused = [...evidenceKeys.all().map(({ id }) => id), ...ctx.config.evidence.kmsKeys].filter(
    (id) => id !== rewrapped.active && !used.has(id),
  );
  return { made, ...rewrapped, unused };
}
