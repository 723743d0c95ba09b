import type { Db, Where } from '../kernel/mongo.js';
import { inside } from '../kernel/mongo.js';
import { openedEvents } from './erasure-store.js';
import { personNamed, type Subject } from './erasure-words.js';
import { AuditEvents } from './store.js';
import { readEvent } from './verify-event.js';
import type { AuditEvent } from './words.js';

// The log is asked and nothing else: it stands below the features, and outlives what they know of a person.
const ACCOUNT_LINKED = 'account.linked';
const REPORT_RECEIVED = 'report.received';
const GIVES_EMAIL = new Set(['person.registered', 'person.invited']);
const HOLD_SET = 'legal-hold.set';
const HOLD_LIFTED = 'legal-hold.lifted';

/** Reads the whole log: this is done rarely, and needs no index that every act would pay for. */
export async function subjectOf(db: Db, personId: string): Promise<Subject> {
  const accounts = await accountsOf(db, personId);
  return { personId, caseIds: await casesOf(db, personId, accounts), emails: await emailsOf(db, personId) };
}

async function accountsOf(db: Db, personId: string): Promise<string[]> {
  const accounts: string[] = [];
  for await (const event of eventsWhere(db, { action: ACCOUNT_LINKED }))
    if (personNamed(event) === personId && event.accountId !== undefined) accounts.push(event.accountId);
  return accounts;
}

async function casesOf(db: Db, personId: string, accounts: readonly string[]): Promise<Set<string>> {
  const { collection } = AuditEvents(db);
  const ofAccounts = await collection.distinct('caseId', { accountId: { $in: [...accounts] } });
  const cases = new Set(ofAccounts.filter((id) => typeof id === 'string'));
  for await (const { actor, caseId } of eventsWhere(db, { actor: personId, action: REPORT_RECEIVED })) {
    if (caseId === undefined || !actor.roles.includes('customer')) continue;
    const another = await collection.findOne({ caseId, accountId: { $exists: true, $nin: [...accounts] } });
    if (!another) cases.add(caseId);
  }
  return cases;
}

async function emailsOf(db: Db, personId: string): Promise<Set<string>> {
  const emails = new Set<string>();
  for await (const piece of openedEvents(db))
    for (const { event, openings } of piece)
      if (GIVES_EMAIL.has(event.action) && personNamed(event) === personId)
        for (const { field, value } of openings) if (field === 'email') emails.add(value);
  return emails;
}

/** Which of these cases are under legal hold: the last word about it in the log was that it is set. */
export async function heldCases(where: Where, caseIds: readonly string[]): Promise<Set<string>> {
  const held = new Set<string>();
  for (const caseId of new Set(caseIds)) {
    const last = await AuditEvents(where).collection.findOne(
      { caseId, action: { $in: [HOLD_SET, HOLD_LIFTED] } },
      { ...inside(where), sort: { at: -1, _id: -1 } },
    );
    if (last?.['action'] === HOLD_SET) held.add(caseId);
  }
  return held;
}

async function* eventsWhere(db: Db, filter: object): AsyncGenerator<AuditEvent> {
  for await (const row of AuditEvents(db).collection.find(filter, { promoteBuffers: true })) {
    const event = row['bytes'] instanceof Uint8Array ? readEvent(row['bytes']) : undefined;
    if (event) yield event;
  }
}
