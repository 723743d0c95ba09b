import type { Readable } from 'node:stream';
import type { Locker } from '@tus/server';
import type { Request, Response } from 'express';
import type { Actor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import { Problem } from '../kernel/problem.js';
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
 */
export async function serveTus(
  ctx: EvidenceContext,
  actor: Actor,
  caseId: string,
  request: Request,
  response: Response,
): Promise<void> {
  const { tus, locker } = await load();
  const server = new tus.Server({
    path: `/api/cases/${caseId}/uploads`,
    datastore: pieces(tus, ctx, actor, caseId),
    locker,
    relativeLocation: true,
    allowedOrigins: [], // pages of other origins have no business here
    maxSize: ctx.config.uploads.maxResumableBytes,
    namingFunction: () => newId('upload'),
    onResponseError: (_request, error) => {
      if (error instanceof Problem) return { status_code: error.status, body: `${JSON.stringify(worded(error))}\n` };
      if ('status_code' in error) return undefined;
      ctx.logger.error('a piece of an upload could not be taken', { requestId: actor.requestId, error });
      return { status_code: 500, body: '' };
    },
  });
  await server.handle(request, response);
}

/** tus answers in plain text; a client that reads it finds the code of the problem. */
const worded = ({ code, message, extra }: Problem) => ({ code, title: message, ...extra });

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
