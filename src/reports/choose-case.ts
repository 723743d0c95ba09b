import { type CaseDoc, findOpenCase, joinCase, openCase, readCase } from '../cases/index.js';
import type { Tx } from '../kernel/transact.js';
import type { ReportContext } from './context.js';
import { personKey } from './likeness.js';
import { casesAlike, knownReporters } from './store.js';
import type { ReportBody } from './words.js';

/** Who reports, as far as a case needs to know. */
export interface ReporterFacts {
  readonly personId: string | undefined;
  readonly accountId: string | undefined;
  readonly reporterKeys: readonly string[];
  readonly likeness: readonly string[];
  readonly reverified: boolean;
}

/** Where a report went. */
export interface Filed {
  readonly doc: CaseDoc;
  readonly joined: boolean;
  readonly firstOf: readonly string[];
}

interface Filing {
  readonly reportId: string;
  readonly body: ReportBody;
  readonly trackingHash: string;
  readonly reporter: ReporterFacts;
}

/**
 * Joins the open case about the same loss, or opens a case.
 *
 * A signed-in customer has one open case per kind, and a report of another kind joins when it shares a transaction, an
 * address or an id with an earlier one. A stranger joins only by the same contact together with such a likeness: knowing
 * an e-mail address must not lead into somebody's case.
 *
 * Most strangers report once. So the first run of the transaction looks for nothing and takes them for new; `firstOf`,
 * unique, makes it run again when they were not.
 *
 * @returns the case, whether it was joined, and `firstOf` for the report
 * Audited as `case.opened` or `case.joined`.
 */
export async function fileReport(tx: Tx, ctx: ReportContext, filing: Filing): Promise<Filed> {
  const { body, reporter, reportId, trackingHash } = filing;
  const recognisable = reporter.personId === undefined && reporter.likeness.length > 0;
  if (recognisable && !tx.again)
    return { doc: await open(tx, ctx, filing), joined: false, firstOf: reporter.reporterKeys };
  const earlier = recognisable ? await knownReporters(tx, reporter.reporterKeys) : undefined;
  const firstOf = earlier ? reporter.reporterKeys.filter((key) => !earlier.has(key)) : [];
  const sameKind =
    reporter.personId === undefined ? null : await findOpenCase(tx, { kind: body.kind, customerId: reporter.personId });
  const known = sameKind ?? (await openCaseAlike(tx, reporter));
  if (known === null) return { doc: await open(tx, ctx, filing), joined: false, firstOf };
  const { accountId, reverified } = reporter;
  const doc = await joinCase(tx, ctx, known, { reportId, urgent: true, reverified, accountId, trackingHash });
  return { doc, joined: true, firstOf };
}

async function openCaseAlike(tx: Tx, { personId, reporterKeys, likeness }: ReporterFacts): Promise<CaseDoc | null> {
  if (likeness.length === 0 || reporterKeys.length === 0) return null;
  for (const caseId of await casesAlike(tx, reporterKeys, likeness)) {
    const doc = await readCase(tx, caseId);
    if (doc.closedAt === undefined && doc.customerId === personId) return doc;
  }
  return null;
}

/** Which kinds are urgent is the workflow's to say. */
async function open(tx: Tx, ctx: ReportContext, { body, reporter, trackingHash }: Filing): Promise<CaseDoc> {
  const { personId, accountId, reverified } = reporter;
  return openCase(tx, ctx, {
    kind: body.kind,
    accountId,
    customerId: personId,
    reporter: await caseReporter(tx, body, reporter),
    urgent: true,
    reverified,
    hold: body.requestHold && accountId !== undefined,
    language: body.language,
    trackingHash,
    incidentAt: body.occurredAt === undefined ? undefined : new Date(body.occurredAt),
  });
}

/**
 * A case that carries its anonymous reporter's contact admits no second one of that kind beside it. So it carries it only
 * where a report alike could join; a contact that already has such a case opens further ones without.
 */
async function caseReporter(tx: Tx, { kind }: ReportBody, { personId, reporterKeys, likeness }: ReporterFacts) {
  if (personId !== undefined) return { kind: 'customer' as const };
  const contactHash = reporterKeys[0];
  if (contactHash === undefined || likeness.length === 0) return { kind: 'anonymous' as const };
  const taken = tx.again && (await findOpenCase(tx, { kind, contactHash })) !== null;
  return { kind: 'anonymous' as const, ...(!taken && { contactHash }) };
}

export const reporterKeysOf = (personId: string | undefined, contacts: readonly string[]): string[] =>
  personId === undefined ? [...contacts] : [personKey(personId)];
