import { newId } from '../kernel/ids.js';
import type { Locale } from '../kernel/locale.js';
import type { Tx } from '../kernel/transact.js';
import { type IncidentKind, initial, NO_FACTS } from '../workflow/index.js';
import { inState, judge } from './advance.js';
import type { CaseEvent } from './case-event.js';
import { newCaseNumber } from './case-number.js';
import type { CaseContext } from './context.js';
import { carryOutEffects, changedByEffects } from './effects.js';
import { caseOpened, historyEntry } from './events.js';
import { openKeyOf } from './find-open-case.js';
import { insertCase } from './store.js';
import type { CaseDoc, Reporter } from './words.js';

export interface CaseOpening {
  readonly kind: IncidentKind;
  readonly accountId?: string | undefined;
  /** The signed-in customer; absent for an anonymous report. */
  readonly customerId?: string | undefined;
  readonly reporter: Reporter;
  readonly urgent: boolean;
  /** The customer proved a second factor for this report. */
  readonly reverified: boolean;
  /** Scopes to freeze when the report freezes at once; the workflow's own when absent. */
  readonly scopes?: NonNullable<CaseEvent['freeze']>['scopes'] | undefined;
  /** An anonymous reporter asked for a short hold on withdrawals, and the limits allow it. */
  readonly hold?: boolean | undefined;
  readonly language: Locale;
  readonly trackingHash?: string | undefined;
  /** When it happened, as the reporter says. */
  readonly incidentAt?: Date | undefined;
}

/**
 * Opens a case for a report, on the current workflow of its kind.
 *
 * An urgent report that its customer re-verified freezes at once: the case starts in `freeze-account.requested` and the job
 * `freeze-account` is queued. Otherwise it waits in `intake.received`, with a hold where one was asked for.
 *
 * @throws nothing of its own; when two reports of the same loss arrive together the transaction runs again, and the caller's
 *         `findOpenCase` then finds the other's case
 * Audited as `case.opened`.
 */
export async function openCase(tx: Tx, ctx: CaseContext, opening: CaseOpening): Promise<CaseDoc> {
  const definition = ctx.workflows.current(opening.kind);
  const start = initial(definition);
  const event: CaseEvent = {
    type: 'case.opened',
    ...(opening.scopes && { freeze: { scopes: opening.scopes, hours: definition.freeze.hours } }),
  };
  const facts = {
    ...NO_FACTS,
    urgent: opening.urgent && definition.urgent,
    reverified: opening.reverified && opening.customerId !== undefined,
    hasAccount: opening.accountId !== undefined,
    holdAsked: opening.hold === true,
  };
  const [state, effects] = judge(definition, start, event, facts);
  const received = inState(emptyCase(tx.now, opening, definition), definition, start, tx.now);
  const moved = inState(received, definition, state, tx.now);
  const doc: CaseDoc = {
    ...changedByEffects(moved, event, effects, tx.now),
    history: [historyEntry(tx.now, tx.actor, event.type, start, state)],
  };
  insertCase(tx, doc);
  tx.record(caseOpened(doc));
  await carryOutEffects(tx, { ctx, doc, definition, event }, effects);
  return doc;
}

function emptyCase(
  now: Date,
  opening: CaseOpening,
  { id, version, sha256, urgent }: ReturnType<CaseContext['workflows']['current']>,
): CaseDoc {
  const { accountId, customerId, trackingHash, incidentAt } = opening;
  const openKey = openKeyOf(opening.kind, { customerId, contactHash: opening.reporter.contactHash });
  return {
    _id: newId('case'),
    number: newCaseNumber(),
    kind: opening.kind,
    workflow: { id, version, sha256 },
    state: '',
    stateSince: now,
    version: 1,
    urgent: opening.urgent && urgent,
    language: opening.language,
    ...(accountId !== undefined && { accountId }),
    ...(customerId !== undefined && { customerId }),
    reporter: opening.reporter,
    ...(incidentAt !== undefined && { incidentAt }),
    ...(trackingHash !== undefined && { trackingHash }),
    ...(openKey !== undefined && { openKey }),
    reports: 1,
    openedAt: now,
    identityRound: 1,
    history: [],
  };
}
