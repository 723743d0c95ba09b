import type { Tx } from '../kernel/transact.js';
import { caseForStaff } from './case-for.js';
import type { CaseContext } from './context.js';
import { contactPointsRead } from './events.js';
import { mayCallBack } from './identity-policy.js';
import { subjectOf } from './notify.js';

export interface ContactPointView {
  contactPointId: string;
  kind: string;
  value: string;
  trust: string;
  mayCallBack: boolean;
}

/**
 * Shows who verifies an identity how the customer can be reached, and which numbers a callback may use.
 * @throws Problem `case_not_found` · `own_case`
 * Audited as `case.contact-points-read`: nobody looks up a customer's numbers unseen.
 */
export async function contactPoints(
  tx: Tx,
  { config }: CaseContext,
  caseId: string,
): Promise<{ contactPoints: ContactPointView[] }> {
  const doc = await caseForStaff(tx, tx.actor, caseId);
  const subject = await subjectOf(tx, doc);
  tx.record(contactPointsRead(doc));
  return {
    contactPoints: (subject?.contactPoints ?? []).map((point) => ({
      contactPointId: point._id,
      kind: point.kind,
      value: point.value,
      trust: point.trust,
      mayCallBack: mayCallBack(point, doc, config.identity.factorAgeDays),
    })),
  };
}
