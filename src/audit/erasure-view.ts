import type { ErasureDoc, ErasureGround } from './erasure-words.js';

export interface ErasureView {
  id: string;
  personId: string;
  ground: ErasureGround;
  orderedBy: string;
  /** RFC 3339, UTC; so is `doneAt`. */
  orderedAt: string;
  erased: number;
  kept: number | null;
  doneAt: string | null;
}

export const erasureView = (doc: ErasureDoc): ErasureView => ({
  id: doc._id,
  personId: doc.personId,
  ground: doc.ground,
  orderedBy: doc.askedBy,
  orderedAt: doc.askedAt.toISOString(),
  erased: doc.erased,
  kept: doc.kept,
  doneAt: doc.doneAt?.toISOString() ?? null,
});
