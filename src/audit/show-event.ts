import type { Tx } from '../kernel/transact.js';
import { findErasedMarks } from './erasure-store.js';
import { eventRead } from './events.js';
import { auditProblem } from './problems.js';
import { findEvent, findOpenings } from './store.js';
import { type OpenedEventView, openedEventView } from './view.js';

/**
 * Shows one event with its check, and the personal data behind its commitments as far as it still exists.
 *
 * @throws Problem `event_not_found`
 * Audited as `audit.event-read`, in the same transaction.
 */
export async function showEvent(tx: Tx, id: string): Promise<OpenedEventView> {
  const row = await findEvent(tx, id);
  if (row === undefined) throw auditProblem('event_not_found');
  const openings = await findOpenings(tx, id);
  tx.record(
    eventRead(
      row,
      openings.map(({ field }) => field),
    ),
  );
  return openedEventView(row, openings, await findErasedMarks(tx, id));
}
