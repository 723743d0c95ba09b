import { can } from '../access/index.js';
import type { Actor } from '../kernel/actor.js';
import type { Db } from '../kernel/mongo.js';
import { evidenceProblem } from './problems.js';
import type { EvidenceDoc } from './words.js';

/** How somebody stands to a case: it is theirs, or they work on it. */
export interface CaseGrant {
  readonly as: 'owner' | 'staff';
  readonly caseNumber: string;
}

/** Port: cases decide who gets near a case. Undefined for "not yours" and "not there" alike. */
export type CaseAccess = (db: Db, actor: Actor, caseId: string) => Promise<CaseGrant | undefined>;

/** Port: what people call a case; for acts of ours that nobody asked for. */
export type CaseNumber = (db: Db, caseId: string) => Promise<string>;

/** @throws Problem `case_not_found`, whichever of the two it is */
export async function mayOpenCase(access: CaseAccess, db: Db, actor: Actor, caseId: string): Promise<CaseGrant> {
  const grant = await access(db, actor, caseId);
  if (grant === undefined) throw evidenceProblem('case_not_found');
  return grant;
}

/** The owner, and whoever works on the case; somebody who only approves or reads adds nothing to it. */
export const mayAdd = (actor: Actor, grant: CaseGrant): boolean => grant.as === 'owner' || can(actor, 'case.work');

/** Redactions, and asking for scans and previews anew: for whoever works on the case. */
export const mayRedact = (actor: Actor, grant: CaseGrant): boolean => grant.as === 'staff' && can(actor, 'case.work');

/** Owners get back what they gave; whoever works on the case sees all of it. */
export const maySee = (actor: Actor, grant: CaseGrant, doc: Pick<EvidenceDoc, 'addedBy'>): boolean =>
  grant.as === 'staff' ? can(actor, 'evidence.view') : doc.addedBy.kind === 'person' && doc.addedBy.id === actor.id;
