import { hasStaffRole } from '../access/index.js';
import { mailOf, type Person, readPerson } from '../identity/index.js';
import { newId } from '../kernel/ids.js';
import { pageStaff } from '../kernel/page-staff.js';
import type { Tx } from '../kernel/transact.js';
import { BREAK_GLASS_MS, type BreakGlass, BreakGlasses } from './break-glass.js';
import { refuseOwnCase } from './case-for.js';
import { readCaseNumber } from './case-number.js';
import type { CaseContext } from './context.js';
import { breakGlassEnded, breakGlassOpened } from './events.js';
import { subjectOf } from './notify.js';
import { caseProblem } from './problems.js';
import { readCaseByNumber } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Opens the evidence of one case to an admin for 30 minutes, in this session: to read, not to add. Everybody on the case is
 * told by mail, and so is the security desk: its customer or the owner of the account, whoever it is assigned to, and whoever
 * has acted in it.
 *
 * @param given.caseNumber as people say it
 * @throws Problem `case_not_found` · `own_case` · `break_glass_open` (it is open already)
 * Audited as `break-glass.opened`, with the reason as a commitment; each opening of evidence is a custody event besides.
 */
export async function openBreakGlass(
  tx: Tx,
  ctx: CaseContext,
  given: { caseNumber: string; reason: string },
): Promise<BreakGlass> {
  const doc = await caseNumbered(tx, given.caseNumber);
  await refuseOwnCase(tx, tx.actor.id, doc);
  const { id: personId, sessionId = '' } = tx.actor;
  const alreadyOpen = { caseId: doc._id, personId, sessionId, endedAt: { $exists: false }, expiresAt: { $gt: tx.now } };
  if (await BreakGlasses(tx).collection.findOne(alreadyOpen, { session: tx.session }))
    throw caseProblem('break_glass_open');
  const glass: BreakGlass = {
    _id: newId('glass'),
    caseId: doc._id,
    caseNumber: doc.number,
    personId,
    sessionId,
    reason: given.reason,
    openedAt: tx.now,
    expiresAt: new Date(tx.now.getTime() + BREAK_GLASS_MS),
  };
  tx.append(BreakGlasses, glass);
  tx.record(breakGlassOpened(doc, glass));
  await tellEverybody(tx, ctx, doc, glass);
  return glass;
}

/**
 * Ends a break-glass before its time.
 *
 * @throws Problem `break_glass_not_found` (another's, or over)
 * Audited as `break-glass.ended`.
 */
export async function endBreakGlass(tx: Tx, breakGlassId: string): Promise<void> {
  const mine = { _id: breakGlassId as never, personId: tx.actor.id, expiresAt: { $gt: tx.now } };
  const ended = (await BreakGlasses(tx).collection.findOneAndUpdate(
    { ...mine, endedAt: { $exists: false } },
    { $set: { endedAt: tx.now } },
    { session: tx.session, returnDocument: 'after' },
  )) as unknown as BreakGlass | null;
  if (!ended) throw caseProblem('break_glass_not_found');
  tx.record(breakGlassEnded(ended));
}

/** @throws Problem `case_not_found` */
export async function caseNumbered(where: Tx | Pick<Tx, 'connection'>, spoken: string): Promise<CaseDoc> {
  const number = readCaseNumber(spoken);
  const doc = number === null ? null : await readCaseByNumber(where, number);
  if (!doc) throw caseProblem('case_not_found');
  return doc;
}

async function tellEverybody(
  tx: Tx,
  ctx: CaseContext,
  doc: CaseDoc,
  { openedAt, expiresAt }: BreakGlass,
): Promise<void> {
  const owner = await subjectOf(tx, doc);
  const workers = new Set([doc.assignee, ...doc.history.map(({ by }) => by.id)]);
  const staff: Person[] = [];
  for (const id of workers) {
    const person = id === undefined || id === tx.actor.id || id === owner?._id ? null : await readPerson(tx, id);
    if (person && hasStaffRole(person.roles)) staff.push(person);
  }
  const params = { caseNumber: doc.number, at: openedAt.toISOString(), until: expiresAt.toISOString() };
  for (const person of [...(owner ? [owner] : []), ...staff]) {
    const to = mailOf(person);
    if (to === undefined) continue;
    const template = person === owner ? 'break-glass-owner' : 'break-glass-staff';
    const payload = { template, to, locale: person.locale, params, personId: person._id };
    tx.enqueue({ name: 'send-notice', payload });
  }
  if (owner && mailOf(owner) === undefined) pageStaff(tx, ctx, doc.number, 'customer-unreachable');
  pageStaff(tx, ctx, doc.number, 'break-glass');
}
