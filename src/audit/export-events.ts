import type { AuditDraft } from '../kernel/audit-draft.js';
import type { Selection } from './bundle-source.js';

/** Somebody took a part of the log, or all of it, out of the house. */
export const logExported = ({ caseId, from, to }: Selection, openings: boolean): AuditDraft => ({
  action: 'audit.exported',
  ...(caseId !== undefined && { caseId }),
  facts: {
    openings,
    ...(from && { from: from.toISOString() }),
    ...(to && { to: to.toISOString() }),
  },
});

/** Somebody took the proof of one event. */
export const proofTaken = (eventId: string): AuditDraft => ({
  action: 'audit.proof-taken',
  target: { kind: 'event', id: eventId },
});

export const keyRotated = (before: string, key: string): AuditDraft => ({
  action: 'audit.key-rotated',
  facts: { before, key },
});

export const keyRetired = (key: string): AuditDraft => ({ action: 'audit.key-retired', facts: { key } });
