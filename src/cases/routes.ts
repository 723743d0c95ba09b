import { accountProblem, accountVersion } from '../accounts/index.js';
import type { Actor } from '../kernel/actor.js';
import { type AnyRoute, routeFor, type StepUpRule } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import { addMessage } from './add-message.js';
import { approveRelease } from './approve-release.js';
import { assignCase } from './assign-case.js';
import { cancelHold } from './cancel-hold.js';
import { caseFor } from './case-for.js';
import { closeCase } from './close-case.js';
import type { CaseContext } from './context.js';
import { declineRelease } from './decline-release.js';
import { extendFreeze } from './extend-freeze.js';
import { failIdentity } from './fail-identity.js';
import { freezeCase } from './freeze-case.js';
import { getCase, showCase } from './get-case.js';
import { liftLegalHold, setLegalHold } from './legal-hold.js';
import { linkAccountToCase } from './link-account.js';
import { listCases } from './list-cases.js';
import { orderRemedies } from './order-remedies.js';
import { ownHolds } from './own-holds.js';
import { proposeRelease } from './propose-release.js';
import { proveAuthenticator } from './prove-authenticator.js';
import { recordCheck } from './record-check.js';
import { reopenCase } from './reopen-case.js';
import { requestIdentity } from './request-identity.js';
import { retryFreeze } from './retry-freeze.js';
import * as shape from './schema.js';
import { startCheck } from './start-check.js';
import { timeline } from './timeline.js';
import { trackCase } from './track-case.js';
import { triageCase } from './triage-case.js';
import { messageView } from './view.js';
import { waiveFreeze } from './waive-freeze.js';
import type { CaseDoc } from './words.js';

const route = routeFor<CaseContext>();

/** Acts on the account are re-verified for this case, this account, and the account as it is now. */
const onTheAccount = {
  subject: async (ctx: CaseContext, { params, actor }: { params: { caseId: string }; actor: Actor }) => {
    const { _id: caseId, accountId } = await caseFor(ctx.db, actor, params.caseId);
    if (accountId === undefined) return { caseId };
    return { caseId, accountId, accountVersion: await accountVersion(ctx.db, accountId) };
  },
} satisfies StepUpRule<CaseContext, { caseId: string }, unknown>;

/** Acts on the case alone. */
const onTheCase = {
  subject: async (ctx: CaseContext, { params, actor }: { params: { caseId: string }; actor: Actor }) => ({
    caseId: (await caseFor(ctx.db, actor, params.caseId))._id,
  }),
} satisfies StepUpRule<CaseContext, { caseId: string }, unknown>;

/** Runs a verb and answers with the case as it left it. */
const shown = async (tx: Tx, ctx: CaseContext, doc: Promise<CaseDoc>) => showCase(tx, ctx, tx.actor, await doc);

const staffAct = {
  method: 'post',
  tag: 'cases',
  params: shape.caseParams,
  reply: shape.caseReply,
  idempotent: true,
} as const;
const REFUSALS = ['case_not_found', 'own_case', 'event_not_allowed'] as const;

const reading: readonly AnyRoute<CaseContext>[] = [
  route({
    id: 'listCases',
    method: 'get',
    path: '/api/cases',
    tag: 'cases',
    summary: 'Cases, newest first: all for staff, the own ones for a customer',
    access: { permission: 'case.read' },
    query: shape.listQuery,
    reply: shape.listReply,
    errors: ['cursor_not_valid'],
    handle: async (ctx, { actor, query }) => listCases(ctx, actor, query),
  }),
  route({
    id: 'getCase',
    method: 'get',
    path: '/api/cases/:caseId',
    tag: 'cases',
    summary: 'One case',
    access: { permission: 'case.read' },
    params: shape.caseParams,
    reply: shape.caseReply,
    errors: ['case_not_found'],
    handle: async (ctx, { actor, params }) => getCase(ctx, actor, params.caseId),
  }),
  route({
    id: 'getTimeline',
    method: 'get',
    path: '/api/cases/:caseId/timeline',
    tag: 'cases',
    summary: 'What happened in a case, and what was written',
    access: { permission: 'case.read' },
    params: shape.caseParams,
    reply: shape.timelineReply,
    errors: ['case_not_found'],
    handle: async (ctx, { actor, params }) => timeline(ctx, actor, params.caseId),
  }),
  route({
    id: 'trackCase',
    method: 'get',
    path: '/api/tracking',
    tag: 'cases',
    summary: 'Follow a case by its secret link: the header `Tracking-Token`, never the address, carries the secret',
    access: 'public',
    reply: shape.trackingReply,
    errors: ['tracking_refused'],
    handle: async (ctx, { request }) => trackCase(ctx, request.get('tracking-token')),
  }),
  route({
    id: 'listOwnHolds',
    method: 'get',
    path: '/api/holds',
    tag: 'cases',
    summary: 'Holds that reports of others put on the own account',
    access: 'signed-in',
    reply: shape.holdsReply,
    handle: async (ctx, { actor }) => ownHolds(ctx, actor),
  }),
];

const working: readonly AnyRoute<CaseContext>[] = [
  route({
    ...staffAct,
    id: 'triageCase',
    path: '/api/cases/:caseId/triage',
    summary: 'Say that the report was read and is complete enough to act on',
    access: { permission: 'case.work' },
    body: shape.noteBody,
    errors: REFUSALS,
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, triageCase(tx, ctx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'assignCase',
    path: '/api/cases/:caseId/assignment',
    summary: 'Give the case to somebody, or to nobody',
    access: { permission: 'case.work' },
    body: shape.assignmentBody,
    errors: ['case_not_found', 'own_case', 'assignee_not_found'],
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, assignCase(tx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'linkCaseAccount',
    path: '/api/cases/:caseId/account',
    summary: 'Say which account at the exchange the case is about',
    access: { permission: 'case.work' },
    body: shape.accountBody,
    errors: ['case_not_found', 'own_case', 'account_known', 'account_unknown', 'exchange_unavailable'],
    handle: async (ctx, { actor, params, body, act }) => {
      await caseFor(ctx.db, actor, params.caseId);
      const found = await ctx.exchange.findAccount({ uid: body.uid });
      if (!found) throw accountProblem('account_unknown');
      return act((tx) => shown(tx, ctx, linkAccountToCase(tx, params.caseId, found.accountId)));
    },
  }),
  route({
    id: 'addMessage',
    method: 'post',
    path: '/api/cases/:caseId/messages',
    tag: 'cases',
    summary: 'Write to the other side, or a note among staff',
    access: { permission: 'case.read' },
    params: shape.caseParams,
    body: shape.messageBody,
    status: 201,
    reply: shape.messageReply,
    errors: ['case_not_found', 'own_case', 'case_full'],
    idempotent: true,
    handle: async (_ctx, { params, body, actor, act }) =>
      act(async (tx) =>
        messageView(
          await addMessage(tx, params.caseId, body),
          actor.roles.some((role) => role !== 'customer'),
        ),
      ),
  }),
];

const freezing: readonly AnyRoute<CaseContext>[] = [
  route({
    ...staffAct,
    id: 'freezeAccount',
    path: '/api/cases/:caseId/freezes',
    summary: 'Freeze the account; an agent for a day at most',
    access: { permission: 'case.freeze' },
    body: shape.freezeBody,
    status: 202,
    errors: [...REFUSALS, 'no_account', 'too_long'],
    stepUp: onTheAccount,
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, freezeCase(tx, ctx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'retryFreeze',
    path: '/api/cases/:caseId/freezes/:freezeId/retries',
    summary: 'Ask the exchange anew for a freeze that is partial, failed or unconfirmed',
    access: { permission: 'case.freeze' },
    params: shape.freezeParams,
    status: 202,
    errors: [...REFUSALS, 'freeze_not_in_case', 'freeze_state_conflict'],
    handle: async (ctx, { params, act }) =>
      act((tx) => shown(tx, ctx, retryFreeze(tx, ctx, params.caseId, params.freezeId))),
  }),
  route({
    ...staffAct,
    id: 'extendFreeze',
    path: '/api/cases/:caseId/freezes/:freezeId/extensions',
    summary: 'Keep a freeze for longer',
    access: { permission: 'freeze.extend' },
    params: shape.freezeParams,
    body: shape.extensionBody,
    errors: ['case_not_found', 'own_case', 'freeze_not_in_case', 'too_long', 'freeze_state_conflict'],
    stepUp: onTheAccount,
    handle: async (ctx, { params, body, act }) =>
      act((tx) => shown(tx, ctx, extendFreeze(tx, ctx, params.caseId, params.freezeId, body))),
  }),
  route({
    ...staffAct,
    id: 'waiveFreeze',
    path: '/api/cases/:caseId/freeze-waiver',
    summary: 'Decide that no freeze, or no more of one, is needed',
    access: { permission: 'case.freeze' },
    body: shape.reasonBody,
    errors: REFUSALS,
    handle: async (ctx, { params, body, act }) =>
      act((tx) => shown(tx, ctx, waiveFreeze(tx, ctx, params.caseId, body))),
  }),
  route({
    id: 'cancelHold',
    method: 'post',
    path: '/api/holds/:freezeId/cancellation',
    tag: 'cases',
    summary: 'End a hold on the own account, with an authenticator that is older than 7 days',
    access: 'signed-in',
    params: shape.holdParams,
    status: 204,
    errors: ['hold_not_found', 'factor_too_young'],
    stepUp: {},
    idempotent: true,
    handle: async (ctx, { params, act }) => act((tx) => cancelHold(tx, ctx, params.freezeId)),
  }),
];

const identifying: readonly AnyRoute<CaseContext>[] = [
  route({
    ...staffAct,
    id: 'requestIdentity',
    path: '/api/cases/:caseId/identity-request',
    summary: 'Ask the customer to prove who they are',
    access: { permission: 'case.work' },
    errors: REFUSALS,
    handle: async (ctx, { params, act }) => act((tx) => shown(tx, ctx, requestIdentity(tx, ctx, params.caseId))),
  }),
  route({
    ...staffAct,
    id: 'startCheck',
    path: '/api/cases/:caseId/identity-checks',
    summary: 'Begin an identity check: a document, or a callback',
    access: { permission: 'identity.verify' },
    body: shape.checkBody,
    status: 201,
    reply: shape.checkReply,
    errors: [...REFUSALS, 'nobody_to_verify', 'method_not_accepted', 'contact_point_refused'],
    handle: async (ctx, { params, body, act }) =>
      act(async (tx) => {
        const { doc, check } = await startCheck(tx, ctx, params.caseId, body);
        return { checkId: check._id, case: await showCase(tx, ctx, tx.actor, doc) };
      }),
  }),
  route({
    ...staffAct,
    id: 'recordCheck',
    path: '/api/cases/:caseId/identity-checks/:checkId/decision',
    summary: 'Record how an identity check ended; the identity passes once the policy is met',
    access: { permission: 'identity.verify' },
    params: shape.checkParams,
    body: shape.decisionBody,
    errors: [
      ...REFUSALS,
      'check_not_found',
      'already_decided',
      'evidence_missing',
      'contact_point_refused',
      'nobody_to_verify',
    ],
    stepUp: onTheCase,
    handle: async (ctx, { params, body, act }) =>
      act((tx) => shown(tx, ctx, recordCheck(tx, ctx, params.caseId, params.checkId, body))),
  }),
  route({
    ...staffAct,
    id: 'proveAuthenticator',
    path: '/api/cases/:caseId/authenticator-check',
    summary: 'Prove the own identity by an authenticator that is older than 7 days',
    access: 'signed-in',
    errors: ['case_not_found', 'method_not_accepted', 'factor_too_young', 'event_not_allowed'],
    stepUp: onTheCase,
    handle: async (ctx, { params, act }) => act((tx) => shown(tx, ctx, proveAuthenticator(tx, ctx, params.caseId))),
  }),
  route({
    ...staffAct,
    id: 'failIdentity',
    path: '/api/cases/:caseId/identity-failure',
    summary: 'Decide that the customer is not proven; a new round may begin',
    access: { permission: 'identity.verify' },
    body: shape.reasonBody,
    errors: REFUSALS,
    handle: async (ctx, { params, body, act }) =>
      act((tx) => shown(tx, ctx, failIdentity(tx, ctx, params.caseId, body))),
  }),
];

const resolving: readonly AnyRoute<CaseContext>[] = [
  route({
    ...staffAct,
    id: 'orderRemedies',
    path: '/api/cases/:caseId/remedies',
    summary: 'Undo at the exchange what a thief left: sessions, API keys, pending withdrawals',
    access: { permission: 'remedy.order' },
    body: shape.remedyBody,
    status: 202,
    errors: [...REFUSALS, 'remedy_under_way'],
    handle: async (ctx, { params, body, act }) =>
      act((tx) => shown(tx, ctx, orderRemedies(tx, ctx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'proposeRelease',
    path: '/api/cases/:caseId/release-proposals',
    summary: 'Propose to release the account; another person must approve',
    access: { permission: 'release.propose' },
    body: shape.proposalBody,
    status: 201,
    reply: shape.proposalReply,
    errors: [...REFUSALS, 'no_account', 'own_verification', 'scopes_differ'],
    stepUp: onTheAccount,
    handle: async (ctx, { params, body, act }) =>
      act(async (tx) => {
        const { doc, approval } = await proposeRelease(tx, ctx, params.caseId, body);
        return {
          approvalId: approval._id,
          coolingOffUntil: approval.coolingOffUntil.toISOString(),
          expiresAt: approval.expiresAt.toISOString(),
          case: await showCase(tx, ctx, tx.actor, doc),
        };
      }),
  }),
  route({
    ...staffAct,
    id: 'approveRelease',
    path: '/api/cases/:caseId/release-proposals/:approvalId/approval',
    summary: 'Approve a release as the second person, after the cooling-off time',
    access: { permission: 'release.approve' },
    params: shape.approvalParams,
    status: 202,
    errors: [
      ...REFUSALS,
      'approval_not_found',
      'already_decided',
      'own_proposal',
      'own_verification',
      'cooling_off',
      'proposal_expired',
      'scopes_differ',
    ],
    stepUp: onTheAccount,
    handle: async (ctx, { params, act }) =>
      act((tx) => shown(tx, ctx, approveRelease(tx, ctx, params.caseId, params.approvalId))),
  }),
  route({
    ...staffAct,
    id: 'declineRelease',
    path: '/api/cases/:caseId/release-proposals/:approvalId/refusal',
    summary: 'Decline a proposed release',
    access: { permission: 'release.approve' },
    params: shape.approvalParams,
    body: shape.reasonBody,
    errors: [...REFUSALS, 'approval_not_found', 'already_decided'],
    stepUp: onTheCase,
    handle: async (ctx, { params, body, act }) =>
      act((tx) => shown(tx, ctx, declineRelease(tx, ctx, params.caseId, params.approvalId, body))),
  }),
  route({
    ...staffAct,
    id: 'closeCase',
    path: '/api/cases/:caseId/closing',
    summary: 'Close a case that holds nothing frozen',
    access: { permission: 'case.close' },
    body: shape.closingBody,
    errors: REFUSALS,
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, closeCase(tx, ctx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'reopenCase',
    path: '/api/cases/:caseId/reopening',
    summary: 'Open a closed case again, within 30 days',
    access: { permission: 'case.reopen' },
    body: shape.reasonBody,
    errors: [...REFUSALS, 'another_case_open'],
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, reopenCase(tx, ctx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'setLegalHold',
    path: '/api/cases/:caseId/legal-hold',
    summary: 'Keep a case from being closed or deleted',
    access: { permission: 'legal-hold.set' },
    body: shape.reasonBody,
    errors: ['case_not_found', 'own_case', 'legal_hold_set'],
    stepUp: onTheCase,
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, setLegalHold(tx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'liftLegalHold',
    path: '/api/cases/:caseId/legal-hold/lifting',
    summary: 'Lift a legal hold',
    access: { permission: 'legal-hold.set' },
    body: shape.reasonBody,
    errors: ['case_not_found', 'own_case', 'legal_hold_missing'],
    stepUp: onTheCase,
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, liftLegalHold(tx, params.caseId, body))),
  }),
];

export const caseRoutes: readonly AnyRoute<CaseContext>[] = [
  ...reading,
  ...working,
  ...freezing,
  ...identifying,
  ...resolving,
];
