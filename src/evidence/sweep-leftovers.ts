import { systemActor } from '../kernel/actor.js';
import { MINUTE } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { EvidenceContext } from './context.js';
import { strangersAmong } from './objects.js';

/** Objects whose rows are looked up together. */
const BATCH = 500;

/**
 * Removes what uploads left whose process was killed: half-written files, and objects that no record stands on.
 *
 * Nothing younger than UPLOAD_GRACE_MINUTES: it may still be under way.
 * @returns how much was removed
 * Audited as `evidence.object-removed`, once an object.
 */
export async function sweepLeftovers({
  vault,
  clock,
  config,
  db,
}: Pick<EvidenceContext, 'vault' | 'clock' | 'config' | 'db'>) {
  const before = new Date(clock.now().getTime() - config.uploads.graceMinutes * MINUTE);
  const actor = systemActor('sweep', newId('sweep'));
  let ended = await vault.store.sweep(before);
  let batch: string[] = [];
  const end = async () => {
    for (const id of await strangersAmong(db, batch))
      if (await vault.removeUnlessKept(id, actor, 'left over')) ended += 1;
    batch = [];
  };
  for await (const { id, at } of vault.store.list()) {
    if (at >= before) continue;
    batch.push(id);
    if (batch.length >= BATCH) await end();
  }
  await end();
  return ended;
}
