import { type FreezeDoc, freezesOfCase, holds, remediesOfCase } from '../accounts/index.js';
import { DAY } from '../kernel/clock.js';
import type { Where } from '../kernel/mongo.js';
import type { Definition, Facts } from '../workflow/index.js';
import type { CaseContext } from './context.js';
import { accepts, countedChecks } from './identity-policy.js';
import { subjectOf } from './notify.js';
import { caseProblem } from './problems.js';
import { checksOfCase } from './store.js';
import type { CaseDoc, IdentityCheckDoc } from './words.js';

/** The very definition the case was opened with. A process that lacks one has refused to start. */
export function definitionOf({ workflows }: Pick<CaseContext, 'workflows'>, doc: CaseDoc): Definition {
  const found = workflows.exact(doc.workflow);
  if (!found)
    throw new Error(
      `case ${doc._id} runs on workflow ${doc.workflow.id} ${doc.workflow.version}, which is not on disk`,
    );
  return found;
}

/** Freezes and holds of the case that may still be in force at the exchange. */
export const inForce = async (where: Where, caseId: string): Promise<FreezeDoc[]> =>
  (await freezesOfCase(where, caseId)).filter(({ state }) => state !== 'failed' && state !== 'released');

/** Whoever had a hand in proving the customer in this round, whether or not it counts in the end. */
export const checksOfRound = async (where: Where, { _id, identityRound }: CaseDoc): Promise<IdentityCheckDoc[]> =>
  (await checksOfCase(where, _id)).filter(({ round }) => round === identityRound);

/** The checks of this round that count. */
export async function countedChecksOf(where: Where, doc: CaseDoc): Promise<IdentityCheckDoc[]> {
  const checks = await checksOfCase(where, doc._id);
  if (checks.length === 0) return [];
  return countedChecks(checks, doc.identityRound, await subjectOf(where, doc));
}

/** Gathers what the guards may look at, as the transaction sees it. */
export async function gatherFacts(where: Where, doc: CaseDoc, definition: Definition, now: Date): Promise<Facts> {
  const freezes = await inForce(where, doc._id);
  const remedies = await remediesOfCase(where, doc._id);
  const counted = await countedChecksOf(where, doc);
  return {
    urgent: doc.urgent,
    reverified: false, // only a report can be, and it is judged when it opens its case
    holdAsked: false,
    hasAccount: doc.accountId !== undefined,
    legalHold: doc.legalHold !== undefined,
    liveFreezes: freezes.filter(({ kind }) => kind === 'freeze').length,
    ...coverage(freezes.filter(({ kind, state }) => kind === 'freeze' && holds(state))),
    pendingRemedies: remedies.filter(({ state }) => state === 'ordered' || state === 'unconfirmed').length,
    identityMet: accepts(definition.identity.accept, new Set(counted.map(({ method }) => method))),
    daysSinceClosed: doc.closedAt === undefined ? null : Math.ceil((now.getTime() - doc.closedAt.getTime()) / DAY),
  };
}

/** What is asked for and, by receipt, frozen; several freezes of one case cover each other's gaps. */
function coverage(freezes: readonly FreezeDoc[]): Pick<Facts, 'coveredScopes' | 'openScopes'> {
  const covered = new Set(freezes.flatMap(({ applied }) => applied));
  const asked = new Set(freezes.flatMap(({ scopes }) => scopes));
  const coveredScopes = [...asked].filter((scope) => covered.has(scope)).length;
  return { coveredScopes, openScopes: asked.size - coveredScopes };
}

/** @throws Problem `no_account` */
export function accountOf(doc: CaseDoc): string {
  if (doc.accountId === undefined) throw caseProblem('no_account');
  return doc.accountId;
}
