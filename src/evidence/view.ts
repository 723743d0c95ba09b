import type { CustodyDoc, EvidenceDoc } from './words.js';

/** The only way of evidence out to JSON. `name` is the sender's text: pages isolate it, and show control characters. */
export const evidenceView = (doc: EvidenceDoc) => ({
  evidenceId: doc._id,
  name: doc.name,
  size: doc.size,
  sha256: doc.sha256,
  type: doc.type,
  declaredType: doc.declaredType ?? null,
  typeMismatch: doc.typeMismatch,
  activeContent: doc.activeContent ?? null,
  scan: doc.scan,
  original: doc.original,
  addedAt: doc.addedAt.toISOString(),
});

export const custodyView = (doc: CustodyDoc) => ({
  act: doc.act,
  by: { kind: doc.by.kind, id: doc.by.id },
  at: doc.at.toISOString(),
  reason: doc.reason,
  sha256: doc.sha256,
  before: doc.before,
  after: doc.after,
});
