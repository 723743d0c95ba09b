import { can } from '../access/index.js';
import { type Actor, isStaff } from '../kernel/actor.js';
import { HOUR } from '../kernel/clock.js';
import type { Config } from '../kernel/config.js';
import type { ApprovalDoc, CaseDoc, IdentityCheckDoc } from './words.js';

/** Customers see their own cases and no other; staff who read cases see all. */
export const maySee = (actor: Actor, { customerId }: Pick<CaseDoc, 'customerId'>): boolean =>
  isStaff(actor) ? can(actor, 'case.read') : actor.kind === 'person' && customerId === actor.id;

/** Staff work on a case once it is theirs or they have acted in it; an approver, while a release waits for one. */
export const worksOn = (actor: Actor, { assignee, history, state }: CaseDoc): boolean =>
  assignee === actor.id ||
  history.some(({ by }) => by.id === actor.id) ||
  (state === 'resolve.release-pending' && can(actor, 'release.approve'));

/** Nobody is their own case worker: neither as its customer nor as the owner of the account it is about. */
export const isOwnCase = (
  personId: string,
  { customerId }: Pick<CaseDoc, 'customerId'>,
  ownerId: string | undefined,
): boolean => customerId === personId || ownerId === personId;

/** Hours somebody may freeze for: an agent up to a day, longer only who may extend. */
export const longestFreezeHours = (actor: Actor, { freeze }: Pick<Config, 'freeze'>): number =>
  can(actor, 'freeze.extend') ? freeze.analystHours : freeze.agentHours;

/** Proposer, verifier and approver of one release are three people. */
export const verifiedBy = (actorId: string, round: readonly IdentityCheckDoc[]): boolean =>
  round.some(({ startedBy, decidedBy }) => startedBy === actorId || decidedBy === actorId);

export const proposalRefusal = (actorId: string, round: readonly IdentityCheckDoc[]): 'own_verification' | null =>
  verifiedBy(actorId, round) ? 'own_verification' : null;

export function approvalRefusal(
  actorId: string,
  approval: Pick<ApprovalDoc, 'state' | 'proposedBy' | 'coolingOffUntil' | 'expiresAt'>,
  round: readonly IdentityCheckDoc[],
  now: Date,
): 'already_decided' | 'own_proposal' | 'own_verification' | 'cooling_off' | 'proposal_expired' | null {
  if (approval.state !== 'proposed') return 'already_decided';
  if (approval.proposedBy === actorId) return 'own_proposal';
  // The proposer may have decided a check since.
  if (verifiedBy(actorId, round) || verifiedBy(approval.proposedBy, round)) return 'own_verification';
  if (now < approval.coolingOffUntil) return 'cooling_off';
  if (now >= approval.expiresAt) return 'proposal_expired';
  return null;
}

export const coolingOff = (now: Date, { release }: Pick<Config, 'release'>) => {
  const until = new Date(now.getTime() + release.coolingOffHours * HOUR);
  return { coolingOffUntil: until, expiresAt: new Date(until.getTime() + release.expiryHours * HOUR) };
};
