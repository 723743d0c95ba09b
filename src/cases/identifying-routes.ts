import { setupLink } from '../identity/index.js';
import { type AnyRoute, routeFor } from '../kernel/route.js';
import { onTheCase, REFUSALS, shown, staffAct } from './acting.js';
import { contactPoints } from './contact-points.js';
import type { CaseContext } from './context.js';
import { failIdentity } from './fail-identity.js';
import { showCase } from './get-case.js';
import { proveAuthenticator } from './prove-authenticator.js';
import { recordCheck } from './record-check.js';
import * as reply from './reply-shapes.js';
import { requestIdentity } from './request-identity.js';
import * as shape from './request-shapes.js';
import { resetCustomerFactors } from './reset-customer-factors.js';
import { restoreContactPoint } from './restore-contact-point.js';
import { startCheck } from './start-check.js';

const route = routeFor<CaseContext>();

/** Proving who the customer is. */
export const identifyingRoutes: readonly AnyRoute<CaseContext>[] = [
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
    id: 'listContactPoints',
    method: 'get',
    path: '/api/cases/:caseId/contact-points',
    tag: 'cases',
    summary: 'How the customer can be reached, and which numbers a callback may use',
    access: { permission: 'identity.verify' },
    params: shape.caseParams,
    reply: reply.contactPointsReply,
    errors: ['case_not_found', 'own_case'],
    handle: async (ctx, { params, act }) => act((tx) => contactPoints(tx, ctx, params.caseId)),
  }),
  route({
    ...staffAct,
    id: 'startCheck',
    path: '/api/cases/:caseId/identity-checks',
    summary: 'Begin an identity check: a document, or a callback',
    access: { permission: 'identity.verify' },
    body: shape.checkBody,
    status: 201,
    reply: reply.checkReply,
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
    stepUp: {
      ...onTheCase,
      confirms: ({ about, body: { result } }) => ({
        'zh-CN': `将案件 ${about} 的一项身份核实记为${result === 'passed' ? '通过' : '未通过'}`,
        en: `record an identity check of case ${about} as ${result}`,
      }),
    },
    handle: async (ctx, { params, body, act }) =>
      act((tx) => shown(tx, ctx, recordCheck(tx, ctx, params.caseId, params.checkId, body))),
  }),
  route({
    ...staffAct,
    id: 'proveAuthenticator',
    path: '/api/cases/:caseId/authenticator-check',
    summary: 'Prove the own identity by an authenticator or a passkey that is old enough (FACTOR_AGE_DAYS)',
    access: 'signed-in',
    errors: ['case_not_found', 'method_not_accepted', 'factor_too_young', 'event_not_allowed'],
    stepUp: {
      ...onTheCase,
      confirms: ({ about }) => ({
        'zh-CN': `用您的身份验证器或通行密钥证明案件 ${about} 的账户属于您`,
        en: `prove with your authenticator or passkey that the account of case ${about} is yours`,
      }),
    },
    handle: async (ctx, { params, act }) =>
      act((tx, proof) => shown(tx, ctx, proveAuthenticator(tx, ctx, params.caseId, proof))),
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
  route({
    ...staffAct,
    id: 'resetCustomerFactors',
    path: '/api/cases/:caseId/factor-reset',
    summary:
      'Void every second factor of a customer who was proven by others; the reply has the link they need besides their password',
    access: { permission: 'identity.verify' },
    body: shape.reasonBody,
    reply: reply.factorResetReply,
    errors: ['case_not_found', 'own_case', 'nobody_to_verify', 'identity_not_proven', 'own_verification', 'not_set_up'],
    stepUp: {
      ...onTheCase,
      confirms: ({ about }) => ({
        'zh-CN': `作废案件 ${about} 的客户的所有验证方式，由客户重新设置`,
        en: `void every second factor of the customer of case ${about}, who sets them up anew`,
      }),
    },
    handle: async (ctx, { params, body, act }) =>
      act(async (tx) => {
        const invitation = await resetCustomerFactors(tx, ctx, params.caseId, body);
        return { setupLink: setupLink(ctx, invitation), expiresAt: invitation.expiresAt.toISOString() };
      }),
  }),
  route({
    id: 'restoreContactPoint',
    method: 'post',
    path: '/api/cases/:caseId/contact-points/:contactPointId/restoration',
    tag: 'cases',
    summary: 'Take the mark of a compromised contact point back, once its owner is proven by other staff',
    access: { permission: 'identity.verify' },
    params: shape.contactPointParams,
    body: shape.reasonBody,
    idempotent: true,
    errors: [
      'case_not_found',
      'own_case',
      'nobody_to_verify',
      'identity_not_proven',
      'own_verification',
      'contact_point_not_found',
      'contact_point_trusted',
    ],
    stepUp: {
      ...onTheCase,
      confirms: ({ about }) => ({
        'zh-CN': `取消案件 ${about} 的客户的一个联系方式的“可能已落入他人手中”标记`,
        en: `take the mark of a compromised contact point of the customer of case ${about} back`,
      }),
    },
    handle: (ctx, { params, body, act }) => act((tx) => restoreContactPoint(tx, ctx, params, body)),
  }),
];
