import { caseProblem, readCase } from '../cases/index.js';
import { type Actor, isStaff } from '../kernel/actor.js';
import type { Input } from '../kernel/route.js';
import type { ReportContext } from './context.js';
import { reportsRead } from './events.js';
import { reportsOfCase } from './store.js';
import { keptReportView } from './view.js';

/**
 * What was reported, in the reporters' words: all of a case for staff who read cases, the own reports for a customer.
 *
 * @throws Problem `case_not_found`, whether it is not theirs or not there
 * Staff's reading is audited as `reports.read`; customers read their own words unrecorded.
 */
export async function readReports(ctx: ReportContext, actor: Actor, caseId: string, act: Input['act']) {
  const doc = await readCase(ctx.db, caseId);
  const staff = isStaff(actor);
  if (!staff && doc.customerId !== actor.id) throw caseProblem('case_not_found');
  const reports = (await reportsOfCase(ctx.db, caseId)).filter(({ personId }) => staff || personId === actor.id);
  const reply = { reports: reports.map(keptReportView) };
  if (!staff) return reply;
  return act(async (tx) => {
    tx.record(reportsRead(caseId, reports.length));
    return reply;
  });
}
