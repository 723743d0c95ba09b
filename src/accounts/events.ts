import type { AuditDraft, JsonValue } from '../kernel/audit-draft.js';
import { payloadHash } from '../kernel/canonical.js';
import type { Outcome, Receipt } from './exchange.js';
import type { FreezeDoc, Release, RemedyDoc } from './store.js';

type Facts = Readonly<Record<string, JsonValue>>;

const ofFreeze = (action: string, freeze: FreezeDoc, facts: Facts = {}): AuditDraft => ({
  action,
  caseId: freeze.caseId,
  accountId: freeze.accountId,
  target: { kind: 'freeze', id: freeze._id },
  facts,
});

const decided = ({ kind, scopes, generation, operationId, expiresAt }: FreezeDoc): Facts => ({
  kind,
  scopes,
  generation,
  operationId,
  expiresAt: expiresAt.toISOString(),
});

/** Enough to find the receipt again and to see that it is the same one. */
const proof = (receipt: Receipt): Facts => ({
  operationId: receipt.operationId,
  generation: receipt.generation,
  receiptId: receipt.receiptId,
  receiptHash: payloadHash(receipt),
  confirmedAt: receipt.confirmedAt,
});

export const freezeRequested = (freeze: FreezeDoc) => ofFreeze('freeze.requested', freeze, decided(freeze));

export const freezeRequestedAgain = (freeze: FreezeDoc, before: FreezeDoc) =>
  ofFreeze('freeze.requested-again', freeze, { ...decided(freeze), was: before.state, missing: before.missing });

/** The same decision under a new generation: the exchange had seen a newer one of another freeze. */
export const freezeRenewed = (freeze: FreezeDoc) => ofFreeze('freeze.renewed', freeze, decided(freeze));

export const freezeConfirmed = (freeze: FreezeDoc, receipt: Receipt) =>
  ofFreeze('freeze.confirmed', freeze, { scopes: freeze.applied, ...proof(receipt) });

export const freezePartial = (freeze: FreezeDoc, receipt: Receipt) =>
  ofFreeze('freeze.partial', freeze, { scopes: freeze.applied, missing: freeze.missing, ...proof(receipt) });

export const freezeFailed = (freeze: FreezeDoc, code: string) =>
  ofFreeze('freeze.failed', freeze, { operationId: freeze.operationId, code });

export const freezeUnconfirmed = (freeze: FreezeDoc, reason: string) =>
  ofFreeze('freeze.unconfirmed', freeze, { operationId: freeze.operationId, reason });

export const freezeExtended = (freeze: FreezeDoc, before: FreezeDoc) =>
  ofFreeze('freeze.extended', freeze, {
    expiresAt: freeze.expiresAt.toISOString(),
    was: before.expiresAt.toISOString(),
  });

/** An answer that came after a newer decision, or a second time: noted, and without effect. */
export const freezeAnswerSetAside = (freeze: FreezeDoc, outcome: Outcome) =>
  ofFreeze('freeze.answer-set-aside', freeze, {
    operationId: outcome.operationId,
    answer: outcome.state,
    state: freeze.state,
  });

const releaseFacts = ({ reason, approvalId, scopes, generation, operationId }: Release): Facts => ({
  reason,
  ...(approvalId === undefined ? {} : { approvalId }),
  scopes,
  generation,
  operationId,
});

export const releaseRequested = (freeze: FreezeDoc, release: Release, before: FreezeDoc) =>
  ofFreeze('release.requested', freeze, { ...releaseFacts(release), was: before.state });

export const releaseRenewed = (freeze: FreezeDoc, release: Release) =>
  ofFreeze('release.renewed', freeze, releaseFacts(release));

export const releaseConfirmed = (freeze: FreezeDoc, release: Release, receipt: Receipt) =>
  ofFreeze('release.confirmed', freeze, { scopes: release.scopes, reason: release.reason, ...proof(receipt) });

export const releaseUnsettled = (freeze: FreezeDoc, release: Release) =>
  ofFreeze(`release.${release.unsettled ?? 'unconfirmed'}`, freeze, {
    operationId: release.operationId,
    because: release.unsettledBecause ?? '',
  });

const ofRemedy = (action: string, remedy: RemedyDoc, facts: Facts): AuditDraft => ({
  action,
  caseId: remedy.caseId,
  accountId: remedy.accountId,
  target: { kind: 'remedy', id: remedy._id },
  facts: { kind: remedy.kind, operationId: remedy.operationId, ...facts },
});

export const remedyOrdered = (remedy: RemedyDoc) => ofRemedy('remedy.ordered', remedy, {});

export const remedyDone = (remedy: RemedyDoc, receipt: Receipt) =>
  ofRemedy('remedy.done', remedy, { ended: remedy.ended, ...proof(receipt) });

export const remedyPartial = (remedy: RemedyDoc, receipt: Receipt) =>
  ofRemedy('remedy.partial', remedy, { ended: remedy.ended, missing: receipt.missing, ...proof(receipt) });

export const remedyFailed = (remedy: RemedyDoc, code: string) => ofRemedy('remedy.failed', remedy, { code });

export const remedyUnconfirmed = (remedy: RemedyDoc, reason: string) =>
  ofRemedy('remedy.unconfirmed', remedy, { reason });

export const remedyAnswerSetAside = (remedy: RemedyDoc, outcome: Outcome) =>
  ofRemedy('remedy.answer-set-aside', remedy, { answer: outcome.state, state: remedy.state });
