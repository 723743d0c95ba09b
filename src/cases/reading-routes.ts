import { type AnyRoute, routeFor } from '../kernel/route.js';
import type { CaseContext } from './context.js';
import { getCase } from './get-case.js';
import { listCases } from './list-cases.js';
import { listProposals } from './list-proposals.js';
import { ownHolds } from './own-holds.js';
import * as reply from './reply-shapes.js';
import * as shape from './request-shapes.js';
import { timeline } from './timeline.js';
import { trackCase } from './track-case.js';

const route = routeFor<CaseContext>();

/** Looking at cases. */
export const readingRoutes: readonly AnyRoute<CaseContext>[] = [
  route({
    id: 'listCases',
    method: 'get',
    path: '/api/cases',
    tag: 'cases',
    summary: 'Cases, newest first: all for staff, the own ones for a customer',
    access: { permission: 'case.read' },
    query: shape.listQuery,
    reply: reply.listReply,
    errors: ['cursor_not_valid'],
    handle: async (ctx, { actor, query }) => listCases(ctx, actor, query),
  }),
  route({
    id: 'getCase',
    method: 'get',
    path: '/api/cases/:caseId',
    tag: 'cases',
    summary: 'One case, as far as the reader may see it',
    access: { permission: 'case.read' },
    params: shape.caseParams,
    reply: reply.caseReply,
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
    reply: reply.timelineReply,
    errors: ['case_not_found'],
    handle: async (ctx, { actor, params }) => timeline(ctx, actor, params.caseId),
  }),
  route({
    id: 'listProposals',
    method: 'get',
    path: '/api/release-proposals',
    tag: 'cases',
    summary: 'Proposals to release that wait for a second person',
    access: { permission: 'release.approve' },
    reply: reply.proposalsReply,
    handle: async (ctx, { actor }) => listProposals(ctx, actor),
  }),
  route({
    id: 'trackCase',
    method: 'get',
    path: '/api/tracking',
    tag: 'cases',
    summary: 'Follow a case by its secret link: the header `Tracking-Token`, never the address, carries the secret',
    access: 'public',
    headers: { 'Tracking-Token': 'What stands behind # in the tracking link' },
    reply: reply.trackingReply,
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
    reply: reply.holdsReply,
    handle: async (ctx, { actor }) => ownHolds(ctx, actor),
  }),
];
