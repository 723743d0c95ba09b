import { can, type Permission } from '../access/index.js';
import { holds } from '../accounts/index.js';
import type { Actor } from '../kernel/actor.js';
import type { Where } from '../kernel/mongo.js';
import { type EventName, EventNotAllowed, type Refusal, transition } from '../workflow/index.js';
import type { CaseFile } from './case-file.js';
import { isTheirOwnCase } from './case-for.js';
import type { CaseContext } from './context.js';
import { methodsOf } from './identity-policy.js';
import { subjectOf } from './notify.js';
import { approvalRefusal, proposalRefusal } from './policy.js';
import type { ApprovalDoc, IdentityCheckDoc } from './words.js';

/** What a reader may have to know about a case before they act on it. */
interface Sight {
  readonly actorId: string;
  readonly now: Date;
  readonly file: CaseFile;
  /** Somebody is known whose identity could be proven. */
  readonly subjectKnown: boolean;
  readonly round: readonly IdentityCheckDoc[];
  readonly proposal: ApprovalDoc | undefined;
}

/** Why an act is shut now: what its own operation would answer, or that there is nothing to do it to. */
export const ACT_REFUSALS = [
  'not_allowed',
  'own_case',
  'event_not_allowed',
  'no_account',
  'account_known',
  'nothing_to_retry',
  'nothing_frozen',
  'still_frozen',
  'still_open',
  'remedies_pending',
  'nobody_to_verify',
  'method_not_accepted',
  'no_check_begun',
  'identity_not_proven',
  'own_verification',
  'own_proposal',
  'nothing_proposed',
  'already_decided',
  'cooling_off',
  'proposal_expired',
  'scopes_differ',
  'legal_hold',
  'legal_hold_set',
  'legal_hold_missing',
  'reopen_window_over',
  'not_urgent_and_proven',
  'no_hold_asked',
] as const satisfies readonly (Refusal | string)[];
export type ActRefusal = (typeof ACT_REFUSALS)[number];
type Rule = (sight: Sight) => ActRefusal | null;

const known =
  (type: EventName): Rule =>
  ({ file: { definition, doc, facts, allowed } }) => {
    if (allowed.includes(type)) return null;
    try {
      transition(definition, doc.state, { type, facts });
      return null;
    } catch (error) {
      if (!(error instanceof EventNotAllowed)) throw error;
      return error.because ?? 'event_not_allowed';
    }
  };
const when =
  (holdsTrue: (sight: Sight) => boolean, otherwise: ActRefusal): Rule =>
  (sight) =>
    holdsTrue(sight) ? null : otherwise;

const hasAccount = when(({ file }) => file.doc.accountId !== undefined, 'no_account');
const hasSubject = when(({ subjectKnown }) => subjectKnown, 'nobody_to_verify');
const isProven = when(({ file }) => file.facts.identityMet && file.doc.closedAt === undefined, 'identity_not_proven');
const notVerifier: Rule = ({ actorId, round }) => proposalRefusal(actorId, round);
const isProposed = when(({ proposal }) => proposal !== undefined, 'nothing_proposed');

/** Every scope that the case may still hold. */
const heldBy = ({ freezes }: CaseFile) =>
  freezes.filter(({ state }) => state !== 'failed' && state !== 'released').flatMap(({ scopes }) => scopes);

/** Each act of staff on a case: the permission it takes, and what must hold besides. Read as sentences. */
const LAW = {
  triageCase: ['case.work', known('case.triaged')],
  assignCase: ['case.work'],
  linkCaseAccount: ['case.work', when(({ file }) => file.doc.accountId === undefined, 'account_known')],
  addMessage: ['case.work'],
  makeSupportCode: ['case.work', hasSubject],
  checkSupportCode: ['case.work', hasSubject],
  freezeAccount: ['case.freeze', hasAccount, known('freeze.requested')],
  retryFreeze: [
    'case.freeze',
    when(
      ({ file }) =>
        file.freezes.some(({ kind, state }) => kind === 'freeze' && /^(partial|failed|unconfirmed)$/.test(state)),
      'nothing_to_retry',
    ),
    known('freeze.requested'),
  ],
  extendFreeze: [
    'freeze.extend',
    when(({ file }) => file.freezes.some(({ kind, state }) => kind === 'freeze' && holds(state)), 'nothing_frozen'),
  ],
  waiveFreeze: ['case.freeze', known('freeze.waived')],
  requestIdentity: ['case.work', known('identity.requested')],
  startCheck: [
    'identity.verify',
    hasSubject,
    when(
      ({ file }) => methodsOf(file.definition.identity.accept).some((method) => method !== 'authenticator'),
      'method_not_accepted',
    ),
    known('identity.check-started'),
  ],
  recordCheck: [
    'identity.verify',
    when(({ round }) => round.some(({ state }) => state === 'started'), 'no_check_begun'),
  ],
  failIdentity: ['identity.verify', known('identity.failed')],
  restoreContactPoint: ['identity.verify', hasSubject, isProven, notVerifier],
  resetCustomerFactors: ['identity.verify', hasSubject, isProven, notVerifier],
  orderRemedies: ['remedy.order', hasAccount, known('remedy.ordered')],
  proposeRelease: ['release.propose', hasAccount, notVerifier, known('release.proposed')],
  approveRelease: [
    'release.approve',
    isProposed,
    ({ actorId, proposal, round, now }) => proposal && approvalRefusal(actorId, proposal, round, now),
    when(({ file, proposal }) => heldBy(file).every((scope) => proposal?.scopes.includes(scope)), 'scopes_differ'),
    known('release.approved'),
  ],
  declineRelease: ['release.approve', isProposed, known('release.declined')],
  closeCase: ['case.close', known('case.closed')],
  reopenCase: ['case.reopen', known('case.reopened')],
  setLegalHold: ['legal-hold.set', when(({ file }) => file.doc.legalHold === undefined, 'legal_hold_set')],
  liftLegalHold: ['legal-hold.set', when(({ file }) => file.doc.legalHold !== undefined, 'legal_hold_missing')],
} as const satisfies Readonly<
  Record<string, readonly [Permission, ...((sight: Sight) => ActRefusal | null | undefined)[]]>
>;

export type Act = keyof typeof LAW;
export const ACTS = Object.keys(LAW) as Act[];

export interface ActView {
  act: Act;
  allowed: boolean;
  because?: ActRefusal;
  /** For `cooling_off`: wait until then. */
  until?: string;
}

/**
 * What somebody of staff may do with a case now, and for everything else why not: role first, then their own case, then the
 * workflow and who had which hand in it. It promises nothing: the act itself is judged when it is done.
 */
export async function actsOf(where: Where, ctx: CaseContext, actor: Actor, file: CaseFile): Promise<ActView[]> {
  const { doc, checks, approvals } = file;
  const ownCase = await isTheirOwnCase(where, actor.id, doc);
  const sight: Sight = {
    actorId: actor.id,
    now: ctx.clock.now(),
    file,
    subjectKnown: (await subjectOf(where, doc)) !== null,
    round: checks.filter(({ round }) => round === doc.identityRound),
    proposal: approvals.findLast(({ state }) => state === 'proposed'),
  };
  return ACTS.map((act) => {
    const because = refusalOf(act, actor, ownCase, sight);
    if (because === null) return { act, allowed: true };
    const until = because === 'cooling_off' ? sight.proposal?.coolingOffUntil.toISOString() : undefined;
    return { act, allowed: false, because, ...(until !== undefined && { until }) };
  });
}

function refusalOf(act: Act, actor: Actor, ownCase: boolean, sight: Sight): ActRefusal | null {
  const [permission, ...rules] = LAW[act];
  if (!can(actor, permission)) return 'not_allowed';
  if (ownCase) return 'own_case';
  for (const rule of rules) {
    const refusal = rule(sight);
    if (refusal) return refusal;
  }
  return null;
}
