import type { Actor } from '../kernel/actor.js';
import { type AnyRoute, routeFor } from '../kernel/route.js';
import { askForPreview, askForScan } from './ask-again.js';
import type { EvidenceContext } from './context.js';
import {
  previewContentReply,
  redactBody,
  redactionParams,
  redactionReply,
  redactionsReply,
  shareBody,
} from './derivative-schema.js';
import { mayOpenCase } from './policy.js';
import { listRedactions, redactEvidence, showRedaction } from './redact-evidence.js';
import { evidenceStateReply } from './schema.js';
import { evidenceParams } from './schema-parts.js';
import { shareRedaction } from './share-redaction.js';
import { showPreviewContent, showPreviewImage } from './show-derivative.js';

const route = routeFor<EvidenceContext>();

const OF_EVIDENCE = ['case_not_found', 'evidence_not_found'] as const;
const OF_A_VIEW = [
  ...OF_EVIDENCE,
  'evidence_quarantined',
  'preview_missing',
  'preview_damaged',
  'original_erased',
  'view_quota_reached',
] as const;

export const derivativeRoutes: readonly AnyRoute<EvidenceContext>[] = [
  route({
    id: 'askScan',
    method: 'post',
    path: '/api/cases/:caseId/evidence/:evidenceId/scans',
    tag: 'evidence',
    summary: 'Have a piece of evidence scanned once more; until the verdict it is shut',
    access: { permission: 'case.work' },
    params: evidenceParams,
    status: 202,
    reply: evidenceStateReply,
    errors: [...OF_EVIDENCE, 'no_scanner'],
    idempotent: true,
    handle: async (ctx, input) => askForScan(ctx, input),
  }),
  route({
    id: 'askPreview',
    method: 'post',
    path: '/api/cases/:caseId/evidence/:evidenceId/preview',
    tag: 'evidence',
    summary: 'Have a preview made that could not be made before',
    access: { permission: 'case.work' },
    params: evidenceParams,
    status: 202,
    reply: evidenceStateReply,
    errors: [...OF_EVIDENCE, 'evidence_quarantined'],
    idempotent: true,
    handle: async (ctx, input) => askForPreview(ctx, input),
  }),
  route({
    id: 'showPreviewImage',
    method: 'get',
    path: '/api/cases/:caseId/evidence/:evidenceId/preview/image',
    tag: 'evidence',
    summary: 'The preview of a picture, of the first page of a PDF or of the first frame of a video, as JPEG',
    access: { permission: 'evidence.view' },
    params: evidenceParams,
    raw: 'image/jpeg',
    errors: OF_A_VIEW,
    handle: async (ctx, input) => showPreviewImage(ctx, input),
  }),
  route({
    id: 'showPreviewContent',
    method: 'get',
    path: '/api/cases/:caseId/evidence/:evidenceId/preview/content',
    tag: 'evidence',
    summary: 'The preview of a text, of a mail or of an archive, in words',
    access: { permission: 'evidence.view' },
    params: evidenceParams,
    reply: previewContentReply,
    errors: OF_A_VIEW,
    handle: async (ctx, input) => showPreviewContent(ctx, input),
  }),
  route({
    id: 'redactEvidence',
    method: 'post',
    path: '/api/cases/:caseId/evidence/:evidenceId/redactions',
    tag: 'evidence',
    summary: 'Have a copy made in which parts of the picture are gone; the original stays',
    access: { permission: 'case.work' },
    params: evidenceParams,
    body: redactBody,
    status: 202,
    reply: redactionReply,
    errors: [...OF_EVIDENCE, 'evidence_quarantined', 'not_a_picture', 'redactions_full'],
    idempotent: true,
    handle: async (ctx, input) => redactEvidence(ctx, input),
  }),
  route({
    id: 'listRedactions',
    method: 'get',
    path: '/api/cases/:caseId/evidence/:evidenceId/redactions',
    tag: 'evidence',
    summary: 'The redactions of a piece of evidence',
    access: { permission: 'case.work' },
    params: evidenceParams,
    reply: redactionsReply,
    errors: OF_EVIDENCE,
    handle: async (ctx, { actor, params }) => listRedactions(ctx, actor, params),
  }),
  route({
    id: 'showRedaction',
    method: 'get',
    path: '/api/cases/:caseId/evidence/:evidenceId/redactions/:redactionId/image',
    tag: 'evidence',
    summary: 'A redaction, to look at before it is given away',
    access: { permission: 'case.work' },
    params: redactionParams,
    raw: 'image/jpeg',
    errors: [...OF_A_VIEW, 'redaction_not_found'],
    handle: async (ctx, input) => showRedaction(ctx, input),
  }),
  route({
    id: 'shareRedaction',
    method: 'post',
    path: '/api/cases/:caseId/evidence/:evidenceId/redactions/:redactionId/shares',
    tag: 'evidence',
    summary: 'Take a redaction out to give it to a third party: re-verify, and say to whom and why',
    access: { permission: 'evidence.share' },
    params: redactionParams,
    body: shareBody,
    raw: 'application/octet-stream',
    errors: [...OF_A_VIEW, 'redaction_not_found'],
    stepUp: {
      subject: async (ctx, { params: { caseId }, actor }: { params: { caseId: string }; actor: Actor }) => {
        const { caseNumber: about } = await mayOpenCase(ctx.caseAccess, ctx.db, actor, caseId);
        return { caseId, about };
      },
      confirms: ({ about }) => ({
        'zh-CN': `将案件 ${about} 的一份证据的遮盖副本交给第三方`,
        en: `give a redacted copy of one piece of evidence of case ${about} to a third party`,
      }),
    },
    handle: async (ctx, input) => shareRedaction(ctx, input),
  }),
];
