import { can } from '../access/index.js';
import { isStaff } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import { kernelProblem } from '../kernel/problem.js';
import type { Tx } from '../kernel/transact.js';
import { caseFor, refuseOwnCase } from './case-for.js';
import type { CaseContext } from './context.js';
import { messageAdded } from './events.js';
import { write } from './notify.js';
import { caseProblem } from './problems.js';
import { countMessages, insertMessage } from './store.js';
import { type Audience, MESSAGES_PER_SIDE, type MessageDoc } from './words.js';

/**
 * Adds a message to a case: from its customer, or from staff to the customer or among themselves. A customer whom staff
 * write to is told by mail that something waits, without a word of it.
 * @param audience  staff choose; what a customer writes is for both
 * @throws Problem `case_not_found` · `not_allowed` (staff who only read) · `own_case` · `case_full`
 * Audited as `case.message-added`, without the text.
 */
export async function addMessage(
  tx: Tx,
  ctx: CaseContext,
  caseId: string,
  { audience, text }: { audience?: Audience | undefined; text: string },
): Promise<MessageDoc> {
  const doc = await caseFor(tx, tx.actor, caseId);
  const staff = isStaff(tx.actor);
  if (staff && !can(tx.actor, 'case.work')) throw kernelProblem('not_allowed');
  if (staff) await refuseOwnCase(tx, tx.actor.id, doc);
  if ((await countMessages(tx, caseId, staff ? 'staff' : 'customer')) >= MESSAGES_PER_SIDE)
    throw caseProblem('case_full');
  const message: MessageDoc = {
    _id: newId('message'),
    caseId,
    audience: staff ? (audience ?? 'staff') : 'customer',
    from: staff ? 'staff' : 'customer',
    authorId: tx.actor.id,
    text,
    at: tx.now,
  };
  await insertMessage(tx, message);
  tx.record(messageAdded(doc, message));
  if (staff && message.audience === 'customer') await write(tx, ctx, doc, 'message-waiting');
  return message;
}
