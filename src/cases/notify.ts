import { findPersonByAccount, mailOf, type Person, readPerson } from '../identity/index.js';
import type { Tx } from '../kernel/transact.js';
import type { Definition } from '../workflow/index.js';
import type { CaseEvent } from './case-event.js';
import type { CaseContext } from './context.js';
import { methodsOf } from './identity-policy.js';
import type { Where } from './store.js';
import { type CaseDoc, REOPEN_MS } from './words.js';

/** Whose identity the case is about: its customer, or for an anonymous report the person the account belongs to. */
export async function subjectOf(where: Where, { customerId, accountId }: CaseDoc): Promise<Person | null> {
  if (customerId !== undefined) return readPerson(where, customerId);
  return accountId === undefined ? null : findPersonByAccount(where, accountId);
}

/**
 * Queues a notice to the customer's trusted address, in their language.
 *
 * Anonymous reporters get none: they follow the case by their link. A customer who cannot be reached is staff's to reach.
 */
export async function tell(
  tx: Tx,
  ctx: CaseContext,
  doc: CaseDoc,
  definition: Definition,
  template: string,
  event: CaseEvent,
): Promise<void> {
  if (template === 'hold-placed') tellThroughExchange(tx, doc, event);
  const person = await recipient(tx, doc, template);
  if (!person) return;
  const to = mailOf(person);
  if (to === undefined) return pageStaff(tx, ctx, doc, 'customer-unreachable');
  tx.enqueue({
    name: 'send-notice',
    payload: {
      template,
      to,
      locale: person.locale,
      params: { caseNumber: doc.number, ...paramsOf(template, doc, definition), ...event.told },
    },
  });
}

/** The exchange's own channels reach an owner whose mailbox is taken, or whom we do not know. */
function tellThroughExchange(tx: Tx, { _id }: CaseDoc, { freezeId }: CaseEvent): void {
  if (freezeId === undefined) throw new Error(`a hold of ${_id} was placed without saying which`);
  tx.enqueue({ name: 'tell-owner', payload: { freezeId } });
}

/** The owner hears of a hold that somebody else asked for; everything else is for the customer whose case it is. */
async function recipient(tx: Tx, doc: CaseDoc, template: string): Promise<Person | null> {
  if (template === 'hold-placed') return doc.accountId === undefined ? null : findPersonByAccount(tx, doc.accountId);
  return doc.customerId === undefined ? null : readPerson(tx, doc.customerId);
}

function paramsOf(template: string, doc: CaseDoc, definition: Definition) {
  switch (template) {
    case 'identity-needed':
      return {
        checks: [...methodsOf(definition.identity.accept)],
        ...(doc.due && { dueBy: doc.due.toISOString() }),
      };
    case 'case-closed':
      return {
        outcome: doc.outcome ?? 'withdrawn',
        reopenUntil: new Date((doc.closedAt?.getTime() ?? 0) + REOPEN_MS).toISOString(),
      };
    default:
      return {};
  }
}

/** Calls staff to a case; `reason` is a code that the page explains. */
export function pageStaff(tx: Tx, ctx: CaseContext, doc: CaseDoc, reason: string): void {
  tx.enqueue({
    name: 'send-notice',
    payload: {
      template: 'staff-page',
      to: ctx.config.mail.staffTo,
      locale: 'zh-CN',
      params: { caseNumber: doc.number, reason, at: tx.now.toISOString() },
    },
  });
}
