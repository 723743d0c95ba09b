import { approvingClash, can, proposingClash } from '../access/index.js';
import { type Actor, isStaff } from '../kernel/actor.js';
import { DAY, HOUR } from '../kernel/clock.js';
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

/** Who decides that an account stays frozen. */
export const mayExtend = (actor: Actor): boolean => can(actor, 'freeze.extend');

/** Hours somebody may freeze for: an agent up to a day, longer only who may extend. */
export const longestFreezeHours = (actor: Actor, { freeze }: Pick<Config, 'freeze'>): number =>
  mayExtend(actor) ? freeze.analystHours : freeze.agentHours;

/** Agents freeze one account once in so long: a day that began anew each day would be no limit. */
export const FREEZE_WINDOW_MS = 7 * DAY;

/** Who had a hand in proving the owner in this round, whether or not the check counts in the end. */
const verifiersOf = (round: readonly IdentityCheckDoc[]): ReadonlySet<string> =>
  new Set(
    round.flatMap(({ startedBy, decidedBy }) => (decidedBy === undefined ? [startedBy] : [startedBy, decidedBy])),
  );

export const proposalRefusal = (actorId: string, round: readonly IdentityCheckDoc[]): 'own_verification' | null =>
  proposingClash(actorId, { verifiers: verifiersOf(round) });

export function approvalRefusal(
  actorId: string,
  {
    state,
    proposedBy,
    coolingOffUntil,
    expiresAt,
  }: Pick<ApprovalDoc, 'state' | 'proposedBy' | 'coolingOffUntil' | 'expiresAt'>,
  round: readonly IdentityCheckDoc[],
  now: Date,
): 'already_decided' | 'own_proposal' | 'own_verification' | 'cooling_off' | 'proposal_expired' | null {
  if (state !== 'proposed') return 'already_decided';
  const clash = approvingClash(actorId, { verifiers: verifiersOf(round), proposer: proposedBy });
  if (clash) return clash;
  if (now < coolingOffUntil) return 'cooling_off';
  return now >= expiresAt ? 'proposal_expired' : null;
}

export const coolingOff = (now: Date, { release }: Pick<Config, 'release'>) => {
  const until = new Date(now.getTime() + release.coolingOffHours * HOUR);
  return { coolingOffUntil: until, expiresAt: new Date(until.getTime() + release.expiryHours * HOUR) };
};
