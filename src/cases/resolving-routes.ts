import { type AnyRoute, routeFor } from '../kernel/route.js';
import { onTheAccount, onTheCase, REFUSALS, shown, staffAct } from './acting.js';
import { approveRelease } from './approve-release.js';
import { closeCase } from './close-case.js';
import type { CaseContext } from './context.js';
import { declineRelease } from './decline-release.js';
import { showCase } from './get-case.js';
import { liftLegalHold, setLegalHold } from './legal-hold.js';
import { orderRemedies } from './order-remedies.js';
import { proposeRelease } from './propose-release.js';
import { reopenCase } from './reopen-case.js';
import * as reply from './reply-shapes.js';
import * as shape from './request-shapes.js';
import { setRetention } from './set-retention.js';

const route = routeFor<CaseContext>();

/** Remedies, release by two people, and the end of a case. */
export const resolvingRoutes: readonly AnyRoute<CaseContext>[] = [
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
    reply: reply.proposalReply,
    errors: [...REFUSALS, 'no_account', 'own_verification', 'scopes_differ'],
    stepUp: {
      ...onTheAccount,
      confirms: ({ about }) => ({
        'zh-CN': `提议解除案件 ${about} 的账户冻结`,
        en: `propose to release the account of case ${about}`,
      }),
    },
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
    stepUp: {
      ...onTheAccount,
      confirms: ({ about }) => ({
        'zh-CN': `作为第二人批准解除案件 ${about} 的账户冻结`,
        en: `approve, as the second person, the release of the account of case ${about}`,
      }),
    },
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
    stepUp: {
      ...onTheCase,
      confirms: ({ about }) => ({
        'zh-CN': `拒绝解除案件 ${about} 的账户冻结的提议`,
        en: `decline the proposed release of the account of case ${about}`,
      }),
    },
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
    stepUp: {
      ...onTheCase,
      confirms: ({ about }) => ({ 'zh-CN': `对案件 ${about} 设置法律保全`, en: `put case ${about} under legal hold` }),
    },
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, setLegalHold(tx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'setRetention',
    path: '/api/cases/:caseId/retention',
    summary: 'Say until when the evidence of a case is kept, once it is closed; legal hold wins',
    access: { permission: 'retention.set' },
    body: shape.retentionBody,
    errors: ['case_not_found', 'own_case'],
    stepUp: {
      ...onTheCase,
      confirms: ({ about }) => ({
        'zh-CN': `设定案件 ${about} 的证据保存期限，到期即销毁`,
        en: `set until when the evidence of case ${about} is kept before it is erased`,
      }),
    },
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, setRetention(tx, params.caseId, body))),
  }),
  route({
    ...staffAct,
    id: 'liftLegalHold',
    path: '/api/cases/:caseId/legal-hold/lifting',
    summary: 'Lift a legal hold',
    access: { permission: 'legal-hold.set' },
    body: shape.reasonBody,
    errors: ['case_not_found', 'own_case', 'legal_hold_missing'],
    stepUp: {
      ...onTheCase,
      confirms: ({ about }) => ({
        'zh-CN': `解除案件 ${about} 的法律保全`,
        en: `lift the legal hold on case ${about}`,
      }),
    },
    handle: async (ctx, { params, body, act }) => act((tx) => shown(tx, ctx, liftLegalHold(tx, params.caseId, body))),
  }),
];
