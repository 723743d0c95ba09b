import type { AuditDraft } from '../kernel/audit-draft.js';
import type { Tx } from '../kernel/transact.js';
import { buildEvent } from './build-event.js';
import { AuditEvents, AuditOpenings } from './store.js';

/**
 * Writes the events of one act into the log, inside the act's own transaction: committed together or not at all.
 *
 * The kernel's `transact` calls it last before the commit. It adds two inserts at most, one when nothing is personal.
 * @throws TypeError when a draft holds what JSON cannot say
 * Source: RFC 8785; RFC 9162 section 2.1.1
 */
export function appendEvents(tx: Pick<Tx, 'append' | 'actor' | 'now'>, drafts: readonly AuditDraft[]): void {
  for (const draft of drafts) {
    const { event, openings } = buildEvent(draft, tx.actor, tx.now);
    tx.append(AuditEvents, event);
    if (openings) tx.append(AuditOpenings, openings);
  }
}
