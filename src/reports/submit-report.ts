import { freezesOfCase } from '../accounts/index.js';
import { addEvidence, keepUpload, type ReceivedFile } from '../evidence/index.js';
import { contactPointOf, markCompromised, type Person, readPerson } from '../identity/index.js';
import { payloadHash } from '../kernel/canonical.js';
import { hashToken, newId, newToken } from '../kernel/ids.js';
import type { Input } from '../kernel/route.js';
import { sourceOf } from '../kernel/source-of.js';
import type { Tx } from '../kernel/transact.js';
import { checkActivity } from './check-activity.js';
import { type Filed, fileReport, type ReporterFacts, reporterKeysOf } from './choose-case.js';
import type { ReportContext } from './context.js';
import { reportReceived } from './events.js';
import { contactKeys, likenessOf, sourceKey } from './likeness.js';
import { issueAt, reportProblem } from './problems.js';
import { reportReceivedNotice } from './received-notice.js';
import { insertReport } from './store.js';
import { reportView } from './view.js';
import type { ActivityState, ReportBody, ReportDoc } from './words.js';

type SubmitInput = Pick<Input<undefined, undefined, ReportBody>, 'body' | 'actor' | 'request' | 'reverified' | 'act'>;

/**
 * Takes in a report: the report, its evidence, its case (opened or joined), what freezes the account, and the notices, in
 * one transaction.
 *
 * @throws Problem `contact_missing` · `hold_needs_account` · `not_in_recent_activity` · `contact_point_unknown` ·
 *         `too_many_requests`
 * Audited as `report.received`, besides what the case and the evidence record.
 */
export async function submitReport(ctx: ReportContext, { body, actor, request, reverified, act }: SubmitInput) {
  const person = actor.kind === 'person' ? await readPerson(ctx.db, actor.id) : null;
  refuseContradictions(body, person);
  const contacts = contactKeys(ctx.secrets.linkKey, body.contact ?? {});
  if (!person) await ctx.reportLimits.takeFor(contacts);
  const activity = await checkActivity(ctx, person?.accountId, body.notMine);
  const token = newToken();
  const source = sourceKey(ctx.secrets.linkKey, sourceOf(request.ip ?? 'unknown'));
  return keepUpload(ctx, request, (files) =>
    act((tx) => take(tx, ctx, { body, person, contacts, activity, reverified, token, source, files })),
  );
}

interface Taking {
  readonly body: ReportBody;
  readonly person: Person | null;
  /** What the contacts are recognised by. */
  readonly contacts: readonly string[];
  readonly activity: ActivityState;
  readonly reverified: boolean;
  readonly token: string;
  readonly source: string;
  readonly files: readonly ReceivedFile[];
}

async function take(tx: Tx, ctx: ReportContext, taking: Taking) {
  const { body, person, files, token } = taking;
  const reporter = reporterFacts(taking);
  const reportId = newId('report');
  const trackingHash = hashToken(token);
  const filed = await fileReport(tx, ctx, { reportId, body, trackingHash, reporter });
  const { doc, joined } = filed;
  const report = record(tx, reportId, taking, reporter, filed);
  insertReport(tx, report);
  const evidence = await addEvidence(tx, ctx, { caseId: doc._id, reportId, files, why: 'came with the report' });
  tx.record(reportReceived(report, files.length, payloadHash(body)));
  if (person) await distrust(tx, person, body.compromised);
  const due = doc.due !== undefined && doc.due > tx.now ? doc.due : undefined;
  const notice = reportReceivedNotice(ctx, { report, person, token, due });
  if (notice) tx.enqueue({ name: 'send-notice', payload: notice });
  if (report.hold) tx.enqueue({ name: 'place-hold', payload: { reportId } });
  const mayFreeze = person && (joined || body.requestHold || doc.state !== 'intake.received');
  const freezes = mayFreeze
    ? (await freezesOfCase(tx, doc._id)).filter(({ accountId }) => accountId === person.accountId)
    : [];
  return reportView(ctx, { doc, due, report, token, freezes, evidence, signedIn: person !== null });
}

function refuseContradictions(body: ReportBody, person: Person | null): void {
  if (!person && body.contact?.email === undefined && body.contact?.phone === undefined) {
    throw reportProblem('contact_missing', issueAt('contact', 'is missing'));
  }
  if (body.requestHold && person?.accountId === undefined && body.account === undefined) {
    throw reportProblem('hold_needs_account', issueAt('account', 'is missing'));
  }
  for (const name of body.compromised.filter((each) => each !== 'email' && each !== 'phone')) {
    if (!person || !contactPointOf(person, name)) {
      throw reportProblem('contact_point_unknown', issueAt('compromised', 'is not a contact point of yours'));
    }
  }
}

const reporterFacts = ({ body, person, contacts, reverified }: Taking): ReporterFacts => ({
  personId: person?._id,
  accountId: person?.accountId,
  reporterKeys: reporterKeysOf(person?._id, contacts),
  likeness: likenessOf(body),
  reverified,
});

function record(
  tx: Tx,
  reportId: string,
  { body, activity, source }: Taking,
  { personId, accountId, reporterKeys, likeness, reverified }: ReporterFacts,
  { doc, joined, firstOf }: Filed,
): ReportDoc {
  const { occurredAt, noticedAt, requestHold, ...told } = body;
  return {
    ...told,
    _id: reportId,
    caseId: doc._id,
    caseNumber: doc.number,
    joined,
    ...(personId !== undefined && { personId }),
    ...(accountId !== undefined && { accountId }),
    ...(occurredAt !== undefined && { occurredAt: new Date(occurredAt) }),
    ...(noticedAt !== undefined && { noticedAt: new Date(noticedAt) }),
    activity,
    reverified,
    // A case that opens on the customer's own account holds it at once; everything else is looked at in a job.
    ...(requestHold && (joined || accountId === undefined) && { hold: { state: 'asked' as const } }),
    reporterKeys: [...reporterKeys],
    ...(likeness.length > 0 && { likeness: [...likeness] }),
    ...(firstOf.length > 0 && { firstOf: [...firstOf] }),
    source,
    receivedAt: tx.now,
  };
}

/** What the customer says somebody else reads counts as that from the same instant as the report. */
async function distrust(tx: Tx, person: Person, compromised: readonly string[]): Promise<void> {
  const points = person.contactPoints.filter(
    ({ _id, kind, trust }) => trust === 'normal' && (compromised.includes(_id) || compromised.includes(kind)),
  );
  for (const { _id } of points) await markCompromised(tx, person._id, _id);
}
