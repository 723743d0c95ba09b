import type { Actor } from '../kernel/actor.js';
import type { AuditDraft } from '../kernel/audit-draft.js';
import { newIdAt } from '../kernel/ids.js';
import { canonical } from '../proof/index.js';
import { commitmentsOf, openingsOf } from './commitment.js';
import { leafHash } from './leaf-hash.js';
import { type AuditEvent, EVENT_VERSION, type EventRow, type OpeningsRow, SOURCE_ADDRESS } from './words.js';

/**
 * Completes a draft into an event as it is stored, with the openings of its personal data apart.
 *
 * The actor's source address always counts as personal data. No number is given here: a number would need a lock in
 * every act; the order of the tree is decided later, by one process. The id sorts by the instant, which lists of the whole log go by.
 */
export function buildEvent(draft: AuditDraft, actor: Actor, now: Date): { event: EventRow; openings?: OpeningsRow } {
  const id = newIdAt('event', now);
  const openings = openingsOf({
    ...draft.personal,
    ...(actor.address !== undefined && { [SOURCE_ADDRESS]: actor.address }),
  });
  const lookup = {
    action: draft.action,
    ...(draft.caseId !== undefined && { caseId: draft.caseId }),
    ...(draft.accountId !== undefined && { accountId: draft.accountId }),
    result: draft.result ?? ('done' as const),
  };
  const event: AuditEvent = {
    version: EVENT_VERSION,
    id,
    at: now.toISOString(),
    actor: { kind: actor.kind, id: actor.id, roles: actor.roles },
    ...lookup,
    ...(draft.target && { target: draft.target }),
    facts: draft.facts ?? {},
    commitments: commitmentsOf(openings),
    requestId: actor.requestId,
  };
  const bytes = Buffer.from(canonical(event), 'utf8');
  return {
    event: { _id: id, at: now, actor: actor.id, ...lookup, bytes, leafHash: leafHash(bytes) },
    ...(openings.length > 0 && { openings: { _id: id, openings } }),
  };
}
