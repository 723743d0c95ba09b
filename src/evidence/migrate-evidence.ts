import { systemActor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import type { EvidenceContext } from './context.js';
import { evidenceMigrated } from './events.js';
import { keptObjects } from './objects.js';
import { openObjects } from './open-vault.js';
import { Vault } from './vault.js';
import { readThrough } from './verify-objects.js';

export interface Migrated {
  readonly from: string;
  readonly to: string;
  readonly copied: number;
  /** Objects that were decrypted and hashed as they lie in the other store. */
  readonly verified: number;
  readonly removed: number;
  readonly failed: readonly { readonly id: string; readonly because: string }[];
}

/**
 * Copies everything to another store, then reads every known object through there: decrypts, hashes, compares.
 *
 * Nothing stops meanwhile. What comes in while it runs is copied when it is run again: run it, set EVIDENCE_URL, restart, run
 * it once more with the places changed back. Copies that are there and whole are left.
 * @param remove  takes from the old store what was read through in the other one; only when nothing failed
 * Audited as `evidence.migrated`.
 */
export async function migrateEvidence(
  ctx: EvidenceContext,
  { to, remove }: { to: string; remove: boolean },
): Promise<Migrated> {
  const source = ctx.vault.store;
  const target = await openObjects(ctx.config, ctx.secrets, to);
  if (target.name === source.name) throw new Error('that is where the evidence lies already');
  const failed: { id: string; because: string }[] = [];
  const whole: string[] = [];
  let copied = 0;

  for await (const { id, size } of source.list()) {
    if ((await target.stat(id))?.size === size) continue;
    try {
      const { bytes, close } = await source.read(id);
      await target.write(id, bytes).finally(close);
      copied += 1;
    } catch (error) {
      failed.push({ id, because: `not copied: ${(error as Error).name}` });
    }
  }

  const there = new Vault({ store: target, keys: ctx.vault.keys, transact: ctx.transact });
  for await (const object of keptObjects(ctx.db)) {
    const found = await readThrough({ vault: there }, object);
    if (found === 'intact') whole.push(object._id);
    else failed.push({ id: object._id, because: typeof found === 'object' ? found.because : found });
  }

  const removing = remove && failed.length === 0;
  const actor = systemActor('cli', newId('cli'));
  const facts = { from: source.name, to: target.name, copied, verified: whole.length, failed: failed.length };
  await ctx.transact(actor, async (tx) => tx.record(evidenceMigrated({ ...facts, removing })));
  if (removing) for (const id of whole) await source.remove(id);
  return { ...facts, removed: removing ? whole.length : 0, failed };
}
