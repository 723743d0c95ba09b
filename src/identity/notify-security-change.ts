import { newId } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import { DISOWN_LINK_MS, type SecurityChange, type SecurityChangeKind, SecurityChanges } from './security-change.js';
import type { Person } from './words.js';

/** What changed, and through which contact point if through one: that one is not told. */
export interface Changed {
  readonly kind: SecurityChangeKind;
  readonly contactPointId?: string;
}

/**
 * Tells a person, at every other confirmed contact point, that something about the security of their sign-in changed. Call it
 * inside the transaction of the change.
 *
 * Trusted contact points get a link that freezes the account ("this was not me"); compromised ones the bare word, for a thief
 * with the session could mark the owner's mailbox so and then change what they like unseen. The link is made when the mail
 * leaves: the outbox never holds it, and a contact point that was marked meanwhile gets none.
 *
 * @param person  with the contact points that are to be told: as they were before one is removed
 * Audits nothing: the change itself does.
 */
export function notifySecurityChange(
  tx: Tx,
  person: Pick<Person, '_id' | 'contactPoints' | 'locale' | 'accountId'>,
  { kind, contactPointId }: Changed,
): void {
  const told = person.contactPoints.filter(({ _id, confirmedAt }) => confirmedAt && _id !== contactPointId);
  const change: SecurityChange = {
    _id: newId('change'),
    personId: person._id,
    kind,
    at: tx.now,
    linksUntil: new Date(tx.now.getTime() + DISOWN_LINK_MS),
  };
  tx.append(SecurityChanges, change);
  for (const point of told) {
    tx.enqueue({
      name: point.kind === 'email' ? 'send-notice' : 'send-text',
      payload: {
        template: 'security-change',
        to: point.value,
        locale: person.locale,
        params: { change: kind, at: tx.now.toISOString(), holds: person.accountId !== undefined },
        personId: person._id,
        contactPointId: point._id,
        ...(point.trust === 'normal' && { secret: { kind: 'disown', id: change._id } }),
      },
    });
  }
}
