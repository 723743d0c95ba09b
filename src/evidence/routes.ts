import { type AnyRoute, routeFor } from '../kernel/route.js';
import { addToCase, beforeUpload } from './add-to-case.js';
import type { EvidenceContext } from './context.js';
import { derivativeRoutes } from './derivative-routes.js';
import { downloadEvidence } from './download-evidence.js';
import { keyRoutes } from './key-routes.js';
import { listEvidence } from './list-evidence.js';
import { makeManifest } from './make-manifest.js';
import { mayOpenCase } from './policy.js';
import { UPLOAD_PROBLEMS } from './problems.js';
import { readCustody } from './read-custody.js';
import { readTimeline } from './read-timeline.js';
import { FILES_FIELD } from './receive-files.js';
import { resumableRoutes } from './resumable-routes.js';
import { custodyReply, downloadBody, evidenceReply, manifestBody, timelineQuery, timelineReply } from './schema.js';
import { caseParams, evidenceParams } from './schema-parts.js';
import { receiveUpload } from './uploads.js';

const route = routeFor<EvidenceContext>();

export const evidenceRoutes: readonly AnyRoute<EvidenceContext>[] = [
  route({
    id: 'addEvidence',
    method: 'post',
    path: '/api/cases/:caseId/evidence',
    tag: 'evidence',
    summary: 'Add up to 10 files to a case (multipart, file field `evidence`)',
    access: { permission: 'evidence.add' },
    before: [beforeUpload, receiveUpload()],
    multipart: { files: FILES_FIELD },
    params: caseParams,
    status: 201,
    reply: evidenceReply,
    errors: ['case_not_found', 'files_missing', ...UPLOAD_PROBLEMS],
    idempotent: true,
    handle: async (ctx, input) => addToCase(ctx, input),
  }),
  route({
    id: 'listEvidence',
    method: 'get',
    path: '/api/cases/:caseId/evidence',
    tag: 'evidence',
    summary: "A case's evidence; customers see their own uploads",
    access: { permission: 'evidence.view' },
    params: caseParams,
    reply: evidenceReply,
    errors: ['case_not_found'],
    handle: async (ctx, { params, actor, act }) => listEvidence(ctx, actor, params.caseId, act),
  }),
  route({
    id: 'downloadEvidence',
    method: 'post', // every download is an act of its own with a reason, and must not be sent by a link or a prefetch
    path: '/api/cases/:caseId/evidence/:evidenceId/downloads',
    tag: 'evidence',
    summary: 'Open the original, byte for byte; staff re-verify and say why',
    access: { permission: 'evidence.view' },
    params: evidenceParams,
    body: downloadBody,
    raw: 'application/octet-stream',
    errors: [
      'case_not_found',
      'evidence_not_found',
      'reason_missing',
      'evidence_quarantined',
      'view_quota_reached',
      'original_missing',
      'original_damaged',
      'original_key_lost',
      'original_erased',
    ],
    stepUp: {
      optional: true,
      subject: async (ctx, { params: { caseId }, actor }) => {
        const { caseNumber: about } = await mayOpenCase(ctx.caseAccess, ctx.db, actor, caseId);
        return { caseId, about };
      },
      confirms: ({ about }) => ({
        'zh-CN': `打开案件 ${about} 的一份证据原件`,
        en: `open one original piece of evidence of case ${about}`,
      }),
    },
    handle: async (ctx, input) => downloadEvidence(ctx, input),
  }),
  route({
    id: 'readCustody',
    method: 'get',
    path: '/api/cases/:caseId/evidence/:evidenceId/custody',
    tag: 'evidence',
    summary: 'Who had a piece of evidence in hand, when, why and with which hash',
    access: { permission: 'audit.read' },
    params: evidenceParams,
    reply: custodyReply,
    errors: ['evidence_not_found'],
    handle: async (ctx, { params, act }) => readCustody(ctx, params.caseId, params.evidenceId, act),
  }),
  route({
    id: 'readCaseCustody',
    method: 'get',
    path: '/api/cases/:caseId/custody',
    tag: 'evidence',
    summary: 'What happened to all evidence of a case, as one timeline',
    access: { permission: 'audit.read' },
    params: caseParams,
    query: timelineQuery,
    reply: timelineReply,
    errors: ['case_not_found'],
    handle: async (ctx, { params, query, act }) => readTimeline(ctx, params.caseId, query, act),
  }),
  route({
    id: 'makeManifest',
    method: 'post', // each is an act of its own with a reason
    path: '/api/cases/:caseId/evidence/manifest',
    tag: 'evidence',
    summary:
      'Every piece of evidence of a case with its hash, times and custody, signed, for people and machines in one file that `firebreak evidence verify` checks offline',
    access: { permission: 'audit.export' },
    params: caseParams,
    body: manifestBody,
    raw: 'text/plain; charset=utf-8',
    errors: ['case_not_found', 'cannot_sign'],
    stepUp: {
      subject: async (ctx, { params: { caseId } }) => ({ caseId, about: await ctx.caseNumber(ctx.db, caseId) }),
      confirms: ({ about }) => ({
        'zh-CN': `导出案件 ${about} 的证据清单（散列值与保管记录）`,
        en: `take out the manifest of the evidence of case ${about}, with hashes and custody`,
      }),
    },
    handle: async (ctx, input) => makeManifest(ctx, input),
  }),
  ...derivativeRoutes,
  ...resumableRoutes,
  ...keyRoutes,
];
