import { factsView, previewView } from './derivative-view.js';
import type { DerivativeDoc } from './derivatives.js';
import type { CustodyDoc, EvidenceDoc } from './words.js';

/** What is shown with a piece of evidence. */
interface Beside {
  readonly preview?: DerivativeDoc | undefined;
  /** What the file says of itself: for staff. */
  readonly facts?: boolean;
}

/** The only way of evidence out to JSON. `name` is the sender's text: pages isolate it, and show control characters. */
export const evidenceView = (doc: EvidenceDoc, { preview, facts = false }: Beside = {}) => ({
  evidenceId: doc._id,
  name: doc.name,
  size: doc.size,
  sha256: doc.sha256,
  type: doc.type,
  declaredType: doc.declaredType ?? null,
  typeMismatch: doc.typeMismatch,
  activeContent: doc.activeContent ?? null,
  scan: doc.scan,
  scannedAt: doc.scanning?.at?.toISOString() ?? null,
  signature: doc.scanning?.signature ?? null,
  scanTrouble: doc.scanning?.trouble ?? null,
  original: doc.original,
  preview: previewView(doc, preview),
  facts: facts ? factsView(preview) : null,
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
