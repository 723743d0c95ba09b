import type { AuditDraft } from '../kernel/audit-draft.js';
import type { DerivativeDoc } from './derivatives.js';
import type { ScannerTrouble, Verdict } from './scanner.js';
import type { EvidenceDoc, ScanState } from './words.js';

const about = ({ _id, caseId }: Pick<EvidenceDoc, '_id' | 'caseId'>) => ({
  caseId,
  target: { kind: 'evidence', id: _id },
});

/** The verdict of a scanner on the bytes with this hash, and what it rests on. */
export const evidenceScanned = (doc: EvidenceDoc, scan: ScanState, verdict: Verdict): AuditDraft => ({
  action: 'evidence.scanned',
  ...about(doc),
  facts: {
    sha256: doc.sha256,
    before: doc.scan,
    scan,
    engine: verdict.engine,
    ...(verdict.found === 'infected' ? { signature: verdict.signature } : {}),
    ...(verdict.found === 'failed' ? { because: verdict.because } : {}),
  },
});

/** No verdict could be had; the evidence stays shut. */
export const evidenceScanDelayed = (doc: EvidenceDoc, trouble: ScannerTrouble): AuditDraft => ({
  action: 'evidence.scan-delayed',
  ...about(doc),
  result: 'refused',
  facts: { scan: doc.scan, because: trouble },
});

export const evidenceScanAsked = (doc: EvidenceDoc): AuditDraft => ({
  action: 'evidence.scan-asked',
  ...about(doc),
  facts: { scan: doc.scan },
});

export const rescanBegan = (count: number): AuditDraft => ({ action: 'evidence.rescan-began', facts: { count } });

/** Somebody wanted to open what no scanner has called clean. */
export const quarantineRefused = (doc: EvidenceDoc): AuditDraft => ({
  action: 'evidence.view-refused',
  ...about(doc),
  result: 'refused',
  facts: { because: 'quarantine', scan: doc.scan },
});

export const evidencePreviewed = (doc: EvidenceDoc, preview: DerivativeDoc): AuditDraft => ({
  action: 'evidence.previewed',
  ...about(doc),
  result: preview.state === 'ready' ? 'done' : 'refused',
  facts: {
    sha256: doc.sha256,
    preview: preview.sha256 ?? null,
    form: preview.form ?? null,
    because: preview.because ?? null,
  },
});

export const previewAsked = (doc: EvidenceDoc): AuditDraft => ({
  action: 'evidence.preview-asked',
  ...about(doc),
  facts: { sha256: doc.sha256 },
});

export const evidenceViewed = (doc: EvidenceDoc, shown: DerivativeDoc): AuditDraft => ({
  action: 'evidence.viewed',
  ...about(doc),
  facts: { sha256: doc.sha256, shown: shown.kind, derivative: shown.sha256 ?? null, scan: doc.scan },
});

/** The reason is free text and may name people, so it stands in the log as a commitment; so does what was blacked out. */
export const redactionAsked = (doc: EvidenceDoc, redaction: DerivativeDoc): AuditDraft => ({
  action: 'evidence.redaction-asked',
  ...about(doc),
  facts: { sha256: doc.sha256, redactionId: redaction._id, regions: redaction.regions?.length ?? 0 },
  personal: { reason: redaction.reason ?? '' },
});

export const evidenceRedacted = (doc: EvidenceDoc, redaction: DerivativeDoc): AuditDraft => ({
  action: 'evidence.redacted',
  ...about(doc),
  result: redaction.state === 'ready' ? 'done' : 'refused',
  facts: {
    sha256: doc.sha256,
    redactionId: redaction._id,
    derivative: redaction.sha256 ?? null,
    because: redaction.because ?? null,
  },
});

/** Who got it and why: free text that names people. */
export const evidenceShared = (
  doc: EvidenceDoc,
  redaction: DerivativeDoc,
  { recipient, reason }: { recipient: string; reason: string },
): AuditDraft => ({
  action: 'evidence.shared',
  ...about(doc),
  facts: { sha256: doc.sha256, redactionId: redaction._id, derivative: redaction.sha256 ?? null },
  personal: { recipient, reason },
});

/** A preview or a redaction in the store is not what was made. */
export const derivativeDamaged = (doc: EvidenceDoc, derivative: DerivativeDoc): AuditDraft => ({
  action: 'evidence.derivative-damaged',
  ...about(doc),
  result: 'refused',
  facts: { kind: derivative.kind, derivativeId: derivative._id, derivative: derivative.sha256 ?? null },
});
