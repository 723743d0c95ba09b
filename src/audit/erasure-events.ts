import type { AuditDraft } from '../kernel/audit-draft.js';
import type { ErasureDoc } from './erasure-words.js';

const of = ({ _id, personId }: ErasureDoc) => ({ target: { kind: 'erasure', id: _id }, facts: { personId } });

export const erasureOrdered = (doc: ErasureDoc): AuditDraft => {
  const { target, facts } = of(doc);
  return { action: 'erasure.ordered', target, facts: { ...facts, ground: doc.ground } };
};

/** Openings were erased. `digest` names them, so that none can be taken away later in the name of this act. */
export const openingsErased = (doc: ErasureDoc, batch: number, openings: number, digest: string): AuditDraft => {
  const { target, facts } = of(doc);
  return { action: 'erasure.openings-erased', target, facts: { ...facts, batch, openings, digest } };
};

/** `kept`: openings of cases under legal hold. */
export const erasureFinished = (doc: ErasureDoc, kept: number): AuditDraft => {
  const { target, facts } = of(doc);
  return { action: 'erasure.finished', target, facts: { ...facts, openings: doc.erased, kept } };
};

export const erasureRead = (doc: ErasureDoc): AuditDraft => ({ action: 'erasure.read', ...of(doc) });
