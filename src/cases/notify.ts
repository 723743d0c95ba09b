import { readFreeze } from '../accounts/index.js';
import { findPersonByAccount, mailOf, type Person, readPerson } from '../identity/index.js';
import type { Where } from '../kernel/mongo.js';
import { pageStaff } from '../kernel/page-staff.js';
import type { Tx } from '../kernel/transact.js';
import type { Definition } from '../workflow/index.js';
import type { CaseEvent } from './case-event.js';
import type { CaseContext } from './context.js';
import { methodsOf } from './identity-policy.js';
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
  return write(tx, ctx, doc, template, { ...paramsOf(ctx, template, doc, definition), ...event.told });
}

/** The same for what no event of the workflow says. */
export async function write(
  tx: Tx,
  ctx: CaseContext,
  doc: CaseDoc,
  template: string,
  params: NonNullable<CaseEvent['told']> = {},
): Promise<void> {
  const person = doc.customerId === undefined ? null : await readPerson(tx, doc.customerId);
  if (!person) return;
  const to = mailOf(person);
  if (to === undefined) return pageStaff(tx, ctx, doc.number, 'customer-unreachable');
  tx.enqueue({
    name: 'send-notice',
    payload: {
      template,
      to,
      locale: person.locale,
      params: { caseNumber: doc.number, ...params },
      personId: person._id,
    },
  });
}

/**
 * Has the owner of an account told, wherever they can be, that a report put a hold on it: through the exchange's own
 * channels, and at their trusted address with us, unless they asked for it themselves, signed in.
 */
export async function tellOwner(tx: Tx, { config }: CaseContext, doc: CaseDoc, freezeId: string): Promise<void> {
  tx.enqueue({ name: 'tell-owner', payload: { freezeId } });
  const hold = await readFreeze(tx, freezeId);
  const owner = hold && (await findPersonByAccount(tx, hold.accountId));
  const to = owner && mailOf(owner);
  if (!to || owner._id === hold.requestedBy) return;
  const { factorAgeDays } = config.identity;
  const params = { caseNumber: doc.number, expiresAt: hold.expiresAt.toISOString(), factorAgeDays };
  const payload = { template: 'hold-placed', to, locale: owner.locale, params, personId: owner._id };
  tx.enqueue({ name: 'send-notice', payload });
}

function paramsOf({ config }: CaseContext, template: string, doc: CaseDoc, definition: Definition) {
  switch (template) {
    case 'identity-needed':
      return {
        checks: [...methodsOf(definition.identity.accept)],
        factorAgeDays: config.identity.factorAgeDays,
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
