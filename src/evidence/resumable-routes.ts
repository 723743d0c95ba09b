import type { Actor } from '../kernel/actor.js';
import { kernelProblem } from '../kernel/problem.js';
import { type AnyRoute, type Input, routeFor } from '../kernel/route.js';
import type { EvidenceContext } from './context.js';
import { mayAdd, mayOpenCase } from './policy.js';
import { evidenceProblem } from './problems.js';
import { type ResumableDoc, readUpload } from './resumable.js';
import { caseParams, id } from './schema-parts.js';
import { serveTus } from './serve-tus.js';

const route = routeFor<EvidenceContext>();

const uploadParams = caseParams.keys({ uploadId: id('The upload') }).description('Which upload');
const TUS_ERRORS = ['invalid_request', 'tus_version'] as const;
const ERRORS = ['case_not_found', 'upload_not_found'] as const;
const TUS = {
  'Tus-Resumable': 'Always `1.0.0`, the version of the protocol (https://tus.io/protocols/resumable-upload)',
} as const;

/** Uploads in pieces, for large files on bad networks: the tus protocol, which clients of every platform speak. */
export const resumableRoutes: readonly AnyRoute<EvidenceContext>[] = [
  route({
    id: 'startUpload',
    method: 'post',
    path: '/api/cases/:caseId/uploads',
    tag: 'evidence',
    summary: 'Begin to add a large file in pieces (tus); `Location` names the upload',
    access: { permission: 'evidence.add' },
    params: caseParams,
    headers: {
      ...TUS,
      'Upload-Length': 'Bytes of the whole file',
      'Upload-Metadata': '`filename` and `filetype`, each in base64',
    },
    status: 201,
    raw: 'text/plain',
    errors: [
      'case_not_found',
      ...TUS_ERRORS,
      'file_empty',
      'file_name_too_long',
      'file_too_large',
      'too_many_uploads',
      'evidence_full',
      'case_bytes_full',
      'person_bytes_reached',
    ],
    handle: async (ctx, { params, actor, request, response }) => {
      await permit(ctx, actor, params.caseId);
      await serveTus(ctx, actor, params.caseId, request, response);
    },
  }),
  route({
    id: 'readUpload',
    method: 'get',
    path: '/api/cases/:caseId/uploads/:uploadId',
    tag: 'evidence',
    summary: 'How far an upload is, and what became of it; with HEAD as tus asks for it',
    access: { permission: 'evidence.add' },
    params: uploadParams,
    headers: { 'Tus-Resumable': 'With HEAD' },
    raw: 'application/json',
    errors: [...ERRORS, ...TUS_ERRORS],
    handle: async (ctx, { params, actor, request, response }) => {
      const upload = await ownUpload(ctx, actor, params);
      if (request.method === 'HEAD') await serveTus(ctx, actor, params.caseId, request, response);
      else response.json(uploadView(upload));
    },
  }),
  route({
    id: 'continueUpload',
    method: 'patch',
    path: '/api/cases/:caseId/uploads/:uploadId',
    tag: 'evidence',
    summary: 'Add a piece at the offset that is reached (application/offset+octet-stream)',
    access: { permission: 'evidence.add' },
    params: uploadParams,
    headers: { ...TUS, 'Upload-Offset': 'Where the piece begins: as many bytes as are here' },
    status: 204,
    raw: 'text/plain',
    errors: [
      ...ERRORS,
      ...TUS_ERRORS,
      'piece_out_of_place',
      'too_many_pieces',
      'file_too_large',
      'unsupported_media_type',
    ],
    handle: (ctx, input) => tus(ctx, input),
  }),
  route({
    id: 'endUpload',
    method: 'delete',
    path: '/api/cases/:caseId/uploads/:uploadId',
    tag: 'evidence',
    summary: 'Take an upload back; what came is removed',
    access: { permission: 'evidence.add' },
    params: uploadParams,
    headers: TUS,
    status: 204,
    raw: 'text/plain',
    errors: [...ERRORS, ...TUS_ERRORS, 'piece_out_of_place'],
    handle: (ctx, input) => tus(ctx, input),
  }),
];

type OfUpload = Pick<Input<{ caseId: string; uploadId: string }>, 'params' | 'actor' | 'request' | 'response'>;

async function tus(ctx: EvidenceContext, { params, actor, request, response }: OfUpload): Promise<void> {
  await ownUpload(ctx, actor, params);
  await serveTus(ctx, actor, params.caseId, request, response);
}

async function permit(ctx: EvidenceContext, actor: Actor, caseId: string): Promise<void> {
  if (!mayAdd(actor, await mayOpenCase(ctx.caseAccess, ctx.db, actor, caseId))) throw kernelProblem('not_allowed');
}

/** An upload is its sender's own, whoever else works on the case. */
async function ownUpload(
  ctx: EvidenceContext,
  actor: Actor,
  { caseId, uploadId }: { caseId: string; uploadId: string },
): Promise<ResumableDoc> {
  await permit(ctx, actor, caseId);
  const upload = await readUpload(ctx.db, uploadId);
  if (upload?.caseId !== caseId || upload.by.kind !== actor.kind || upload.by.id !== actor.id)
    throw evidenceProblem('upload_not_found');
  return upload;
}

const uploadView = (upload: ResumableDoc) => ({
  uploadId: upload._id,
  state: upload.state,
  offset: upload.offset,
  size: upload.size,
  evidenceId: upload.evidenceId ?? null,
  because: upload.because ?? null,
  expiresAt: upload.expiresAt.toISOString(),
});
