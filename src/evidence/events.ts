import type { AuditDraft } from '../kernel/audit-draft.js';
import type { EvidenceDoc } from './words.js';

const about = ({ _id, caseId }: EvidenceDoc) => ({ caseId, target: { kind: 'evidence', id: _id } });

/** The file name is the sender's own words, so it stands in the log as a commitment. */
export const evidenceReceived = (doc: EvidenceDoc): AuditDraft => ({
  action: 'evidence.received',
  ...about(doc),
  facts: {
    sha256: doc.sha256,
    size: doc.size,
    type: doc.type,
    typeMismatch: doc.typeMismatch,
    scan: doc.scan,
    ...(doc.reportId === undefined ? {} : { reportId: doc.reportId }),
  },
  personal: { name: doc.name },
});

export const evidenceListed = (caseId: string, count: number): AuditDraft => ({
  action: 'evidence.listed',
  caseId,
  target: { kind: 'case', id: caseId },
  facts: { count },
});

/** The reason is free text and may name people, so it stands in the log as a commitment. */
export const evidenceDownloaded = (doc: EvidenceDoc, reason: string): AuditDraft => ({
  action: 'evidence.downloaded',
  ...about(doc),
  facts: { sha256: doc.sha256 },
  personal: { reason },
});

/** Somebody opens more than one person should; whoever reads the log wants to see it. */
export const viewQuotaReached = (doc: EvidenceDoc, viewsPerHour: number): AuditDraft => ({
  action: 'evidence.view-refused',
  ...about(doc),
  result: 'refused',
  facts: { because: 'quota', viewsPerHour },
});

/** Why an original is not what was received. */
export type Failure = { readonly because: 'missing' | 'undecipherable' | 'other-bytes'; readonly found: string | null };

export const evidenceIntegrityFailed = (doc: EvidenceDoc, { because, found }: Failure): AuditDraft => ({
  action: 'evidence.integrity-failed',
  ...about(doc),
  result: 'refused',
  facts: { sha256: doc.sha256, because, found },
});

/** The bytes were all sent, and were those that were received. */
export const evidenceDelivered = (doc: EvidenceDoc): AuditDraft => ({
  action: 'evidence.delivered',
  ...about(doc),
  facts: { sha256: doc.sha256, size: doc.size },
});

/** Bytes that belonged to nothing: an upload failed, or a process was killed. */
export const objectRemoved = (objectId: string, because: string, removed: boolean): AuditDraft => ({
  action: 'evidence.object-removed',
  target: { kind: 'object', id: objectId },
  result: removed ? 'done' : 'refused',
  facts: { because },
});

export const custodyRead = (doc: EvidenceDoc): AuditDraft => ({
  action: 'custody.read',
  ...about(doc),
  facts: { sha256: doc.sha256 },
});

/** The nightly reading of everything, a batch at a time. */
export const evidenceVerified = (found: Readonly<Record<string, number>>): AuditDraft => ({
  action: 'evidence.verified',
  facts: { ...found },
});

/** The original can be read again, or its key is gone: nothing about its bytes changed. */
export const evidenceReturned = (doc: EvidenceDoc, original: string): AuditDraft => ({
  action: 'evidence.original-changed',
  ...about(doc),
  facts: { from: doc.original, to: original },
});

/** The reason is free text and may name people, so it stands in the log as a commitment. */
export const evidenceErased = (doc: EvidenceDoc, reason: string): AuditDraft => ({
  action: 'evidence.erased',
  ...about(doc),
  facts: { sha256: doc.sha256, size: doc.size, objectId: doc.objectId, dataKey: 'deleted' },
  personal: { reason },
});

export const keysRewrapped = (masterKeyId: string, count: number): AuditDraft => ({
  action: 'evidence.keys-rewrapped',
  target: { kind: 'master-key', id: masterKeyId },
  facts: { count },
});

export const MASTER_KEY_MADE = 'evidence.master-key-made';

export const masterKeyMade = (masterKeyId: string): AuditDraft => ({
  action: MASTER_KEY_MADE,
  target: { kind: 'master-key', id: masterKeyId },
});

export const evidenceMigrated = (facts: Readonly<Record<string, string | number | boolean>>): AuditDraft => ({
  action: 'evidence.migrated',
  facts: { ...facts },
});

/** A file that comes in pieces, as the log sees it. */
interface Upload {
  readonly _id: string;
  readonly caseId: string;
  readonly size: number;
  readonly offset: number;
  readonly name: string;
}

const ofUpload = ({ _id, caseId }: Upload) => ({ caseId, target: { kind: 'upload', id: _id } });

/** The file name is the sender's own words, so it stands in the log as a commitment. */
export const uploadStarted = (upload: Upload): AuditDraft => ({
  action: 'evidence.upload-started',
  ...ofUpload(upload),
  facts: { size: upload.size },
  personal: { name: upload.name },
});

export const pieceReceived = (
  upload: Upload,
  piece: { readonly sha256: string; readonly size: number },
  offset: number,
): AuditDraft => ({
  action: 'evidence.piece-received',
  ...ofUpload(upload),
  facts: { sha256: piece.sha256, size: piece.size, offset },
});

export const uploadFinished = (upload: Upload, doc: EvidenceDoc): AuditDraft => ({
  action: 'evidence.upload-finished',
  ...ofUpload(upload),
  facts: { evidenceId: doc._id, sha256: doc.sha256 },
});

export const uploadEnded = (upload: Upload, because: string): AuditDraft => ({
  action: 'evidence.upload-ended',
  ...ofUpload(upload),
  facts: { because, offset: upload.offset },
});

/** The reason is free text and may name people, so it stands in the log as a commitment. */
export const manifestMade = (caseId: string, count: number, reason: string): AuditDraft => ({
  action: 'evidence.manifest-made',
  caseId,
  target: { kind: 'case', id: caseId },
  facts: { count },
  personal: { reason },
});

export const timelineRead = (caseId: string, count: number): AuditDraft => ({
  action: 'custody.timeline-read',
  caseId,
  target: { kind: 'case', id: caseId },
  facts: { count },
});
