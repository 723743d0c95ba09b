import type { AuditDraft } from '../../kernel/audit-draft.js';
import type { Passkey } from '../words.js';

const person = (personId: string) => ({ target: { kind: 'person', id: personId } });

export const passkeyAdded = (personId: string, { _id, backupEligible, backedUp }: Passkey): AuditDraft => ({
  action: 'factor.added',
  ...person(personId),
  facts: { factor: 'passkey', passkeyId: _id, backupEligible, backedUp },
});

export const passkeyRemoved = (personId: string, passkeyId: string): AuditDraft => ({
  action: 'factor.removed',
  ...person(personId),
  facts: { factor: 'passkey', passkeyId },
});

export const recoveryCodesMade = (personId: string, count: number, replaces: boolean): AuditDraft => ({
  action: 'recovery-codes.made',
  ...person(personId),
  facts: { count, replaces },
});

export const recoveryCodeUsed = (personId: string, purpose: string, left: number): AuditDraft => ({
  action: 'recovery-code.used',
  ...person(personId),
  facts: { purpose, left },
});

/** `passkeyId` is missing when the passkey is nobody's; `purpose`: what it was to open. */
export const passkeyRefused = (
  of: { personId?: string | undefined; passkeyId?: string | undefined },
  purpose: string,
  reason: string,
): AuditDraft => ({
  action: 'proof.refused',
  result: 'refused',
  ...(of.personId === undefined ? {} : person(of.personId)),
  facts: {
    factor: 'passkey',
    purpose,
    reason,
    ...(of.passkeyId === undefined ? {} : { passkeyId: of.passkeyId }),
  },
});
