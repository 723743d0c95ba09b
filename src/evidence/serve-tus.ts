import { Readable } from 'node:stream';
import type { Locker } from '@tus/server';
import type { Request, Response } from 'express';
import type { Actor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import { kernelProblem, Problem } from '../kernel/problem.js';
import type { EvidenceContext } from './context.js';
import { evidenceProblem } from './problems.js';
import { readUpload } from './resumable.js';
import { addPiece, endUpload, startUpload } from './resumable-acts.js';

type Tus = typeof import('@tus/server');

let loaded: Promise<{ tus: Tus; locker: Locker }> | undefined;

/** Loaded with the first upload in pieces. One lock per upload in this process; between processes the row decides. */
const load = () =>
  (loaded ??= import('@tus/server').then((tus) => ({ tus, locker: new tus.MemoryLocker() as Locker })));

/**
 * Answers a request of the tus protocol (1.0.0: core, creation, creation-with-upload, termination) about a case's uploads.
 *
 * Whoever calls this has seen that the actor may add to the case, and that the upload is theirs.
 * @throws Problem for every refusal, in our words: those of the acts, and what the protocol does not take
 */
export async function serveTus(
  ctx: EvidenceContext,
  actor: Actor,
  caseId: string,
  request: Request,
  response: Response,
): Promise<void> {
  const { tus, locker } = await load();
  let refusal: unknown;
  const server = new tus.Server({
    path: `/api/cases/${caseId}/uploads`,
    datastore: pieces(tus, ctx, actor, caseId),
    locker,
    relativeLocation: true,
    allowedOrigins: [], // pages of other origins have no business here
    maxSize: ctx.config.uploads.maxResumableBytes,
    namingFunction: () => newId('upload'),
    onResponseError: (_request, error) => {
      refusal = error;
      return undefined;
    },
  });
  response.set('Tus-Resumable', tus.TUS_RESUMABLE);
  const answer = await server.handleWeb(inWebTerms(request));
  if (answer.status >= 400) throw refusalOf(refusal, answer.status);
  response.status(answer.status).setHeaders(answer.headers).end();
}

/** The library reads the Fetch API's requests; the path is all that counts of the address. */
function inWebTerms(request: Request): globalThis.Request {
  const { method } = request;
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const hasBody = method === 'POST' || method === 'PATCH';
  const body = hasBody ? { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' as const } : {};
  return new globalThis.Request(new URL(request.originalUrl, 'http://localhost'), { method, headers, ...body });
}

/** What the protocol is refused with: the code that fits the status which the library answers. */
function refusalOf(refusal: unknown, status: number): unknown {
  if (refusal instanceof Problem) return refusal;
  if (status === 412) return evidenceProblem('tus_version');
  if (status === 404 || status === 410) return evidenceProblem('upload_not_found');
  if (status === 409) return evidenceProblem('piece_out_of_place');
  if (status === 413) return evidenceProblem('file_too_large');
  if (status === 415) return kernelProblem('unsupported_media_type');
  return status < 500 ? kernelProblem('invalid_request') : refusal;
}

function pieces(tus: Tus, ctx: EvidenceContext, actor: Actor, caseId: string) {
  const find = async (id: string) => {
    const found = await readUpload(ctx.db, id);
    if (!found) throw tus.ERRORS.FILE_NOT_FOUND;
    return found;
  };
  class Pieces extends tus.DataStore {
    override extensions = ['creation', 'creation-with-upload', 'termination'];

    override async create(upload: InstanceType<Tus['Upload']>) {
      const { filename, filetype } = upload.metadata ?? {};
      await startUpload(ctx, actor, {
        id: upload.id,
        caseId,
        size: upload.size ?? 0,
        name: filename ?? 'unnamed',
        type: filetype ?? undefined,
      });
      return upload;
    }

    override async getUpload(id: string) {
      const { size, offset } = await find(id);
      return new tus.Upload({ id, size, offset });
    }

    override async write(stream: Readable, id: string): Promise<number> {
      const upload = await find(id);
      if (upload.state !== 'receiving') throw evidenceProblem('piece_out_of_place');
      const held = await ctx.vault.hold(asFarAsItGoes(stream));
      try {
        if (held.size > 0 && upload.offset + held.size <= upload.size) return await addPiece(ctx, actor, upload, held);
      } catch (error) {
        await ctx.vault.discard(held, actor);
        throw error;
      }
      await ctx.vault.discard(held, actor);
      return upload.offset;
    }

    override async remove(id: string): Promise<void> {
      await endUpload(ctx, actor, await find(id), 'taken back');
    }
  }
  return new Pieces();
}

/** What came before the connection broke counts: that is what an upload in pieces is for. */
async function* asFarAsItGoes(stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch {
    // cut; what was sent is sent
  }
}
