import type { DerivativeDoc } from './derivatives.js';
import { hasPreview } from './previewer.js';
import type { EvidenceDoc } from './words.js';

/** What there is to look at in place of the original. */
export function previewView(doc: EvidenceDoc, preview: DerivativeDoc | undefined) {
  const shut = doc.scan === 'infected' || doc.scan === 'failed' || doc.original !== 'kept';
  const waiting = hasPreview(doc.type) && !shut ? 'waiting' : 'none';
  return {
    state: shut ? 'none' : (preview?.state ?? waiting),
    form: (!shut && preview?.form) || null,
    because: (!shut && preview?.because) || null,
  };
}

/** Claims of the file about itself; for staff, beside the preview. */
export function factsView(preview: DerivativeDoc | undefined) {
  if (preview?.facts === undefined) return null;
  const { takenAt, place, device, software, width, height, pages } = preview.facts;
  return {
    takenAt: takenAt ?? null,
    place: place ?? null,
    device: device ?? null,
    software: software ?? null,
    width: width ?? null,
    height: height ?? null,
    pages: pages ?? null,
  };
}

export const redactionView = (doc: DerivativeDoc) => ({
  redactionId: doc._id,
  state: doc.state,
  because: doc.because ?? null,
  regions: doc.regions ?? [],
  reason: doc.reason ?? '',
  sha256: doc.sha256 ?? null,
  size: doc.size ?? null,
  madeBy: doc.madeBy.id,
  at: doc.at.toISOString(),
});
