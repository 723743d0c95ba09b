import type { Actor } from '../kernel/actor.js';
import type { CaseContext } from './context.js';
import { releaseRefused } from './events.js';
import { caseProblem } from './problems.js';
import type { CaseDoc } from './words.js';

/** Turns somebody down and keeps that in the audit log, in a transaction of its own: the act's is rolled back. */
export async function refuseAndRecord(
  { transact }: Pick<CaseContext, 'transact'>,
  actor: Actor,
  doc: CaseDoc,
  act: 'propose' | 'approve',
  because: 'own_proposal' | 'own_verification',
): Promise<never> {
  await transact(actor, async (own) => own.record(releaseRefused(doc, act, because)));
  throw caseProblem(because);
}
