import type { AuditDraft } from '../kernel/audit-draft.js';
import type { Ledger, Logged, Tx } from '../kernel/transact.js';
import { buildEvent } from './build-event.js';
import { AuditPending } from './log-store.js';
import { AuditEvents, AuditOpenings } from './store.js';
import { type Vouch, vouchOf } from './vouch.js';

/** The ledger of a process that holds this key (32 bytes). */
export function ledgerOf(sealKey: Uint8Array): Ledger {
  const vouch = vouchOf(sealKey);
  return (tx, drafts) => appendEvents(tx, drafts, vouch);
}

/**
 * Writes the events of one act into the log, inside the act's own transaction: committed together or not at all.
 *
 * The kernel's `transact` calls it when the act is done. Besides the events there is one row for all of them, which the
 * sequencer takes away: so it finds what has no place in the log without an index on the events, however late it committed.
 * The row is vouched for, so that nobody slips an event in who can only write to the store.
 * @returns their ids and leaf hashes, in the order in which they were recorded
 * @throws TypeError when a draft holds what JSON cannot say
 * Source: RFC 8785; RFC 9162 section 2.1.1
 */
export function appendEvents(
  tx: Pick<Tx, 'append' | 'actor' | 'now'>,
  drafts: readonly AuditDraft[],
  vouch: Vouch,
): Logged[] {
  const events = drafts.map((draft) => {
    const { event, openings } = buildEvent(draft, tx.actor, tx.now);
    tx.append(AuditEvents, event);
    if (openings) tx.append(AuditOpenings, openings);
    return event;
  });
  const [first] = events;
  if (first) {
    const row = {
      events: events.map(({ _id }) => _id),
      leaves: Buffer.concat(events.map(({ leafHash }) => leafHash)),
    };
    tx.append(AuditPending, { _id: first._id, ...row, vouch: vouch.sign(row) });
  }
  return events.map(({ _id, leafHash }) => ({ id: _id, leaf: leafHash }));
}
