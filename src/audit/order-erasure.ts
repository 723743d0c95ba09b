import { newId } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import { erasureOrdered } from './erasure-events.js';
import { AuditErasures } from './erasure-store.js';
import { type ErasureView, erasureView } from './erasure-view.js';
import type { ErasureDoc, ErasureGround } from './erasure-words.js';

/** The job that carries an erasure out. */
export const ERASE_JOB = 'erase-openings';

/**
 * Orders that what opens a person's commitments be erased; a job does it, up to what was recorded until now.
 *
 * Audited as `erasure.ordered`.
 */
export async function orderErasure(tx: Tx, personId: string, ground: ErasureGround): Promise<ErasureView> {
  const doc: ErasureDoc = {
    _id: newId('erasure'),
    personId,
    ground,
    askedBy: tx.actor.id,
    askedAt: tx.now,
    batches: 0,
    erased: 0,
    kept: null,
    doneAt: null,
  };
  tx.append(AuditErasures, doc);
  tx.record(erasureOrdered(doc));
  tx.enqueue({ name: ERASE_JOB, payload: { erasureId: doc._id } });
  return erasureView(doc);
}
