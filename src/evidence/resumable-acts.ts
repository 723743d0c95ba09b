import type { Actor } from '../kernel/actor.js';
import { DAY } from '../kernel/clock.js';
import type { Tx } from '../kernel/transact.js';
import type { EvidenceContext } from './context.js';
import { pieceReceived, uploadEnded, uploadStarted } from './events.js';
import { MAX_NAME_BYTES } from './file-name.js';
import { stayInLimits } from './limits.js';
import { shredKey } from './objects.js';
import { evidenceProblem } from './problems.js';
import { changeUpload, deleteUpload, insertUpload, openUploads, type ResumableDoc } from './resumable.js';
import type { HeldObject } from './vault.js';

/** An upload is abandoned when nothing has come for this long. */
const ABANDONED_AFTER_MS = DAY;
/** Files that one person sends in pieces at once. */
const OPEN_AT_ONCE = 10;
/** Pieces of one file: each is an object and a line in the log. */
const MAX_PIECES = 5_000;
const MAX_DECLARED_LENGTH = 127;

export interface Announced {
  readonly id: string;
  readonly caseId: string;
  readonly size: number;
  readonly name: string;
  readonly type: string | undefined;
}

/**
 * Begins an upload in pieces.
 * @throws Problem `file_empty` · `file_name_too_long` · `too_many_uploads` · what `stayInLimits` throws
 * Audited as `evidence.upload-started`.
 */
export async function startUpload(ctx: EvidenceContext, actor: Actor, announced: Announced): Promise<void> {
  const { id, caseId, size, type } = announced;
  const name = announced.name.slice(Math.max(announced.name.lastIndexOf('/'), announced.name.lastIndexOf('\\')) + 1);
  if (size === 0) throw evidenceProblem('file_empty');
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw evidenceProblem('file_name_too_long');
  await ctx.transact(actor, async (tx) => {
    const open = await openUploads(tx, actor.id);
    if (open.length >= OPEN_AT_ONCE) throw evidenceProblem('too_many_uploads', { extra: { atOnce: OPEN_AT_ONCE } });
    const underWay = open.reduce((sum, upload) => sum + upload.size, 0);
    await stayInLimits(tx, ctx, caseId, { files: 1, bytes: size, underWay });
    const doc: ResumableDoc = {
      _id: id,
      caseId,
      by: { kind: actor.kind, id: actor.id },
      name: name === '' ? 'unnamed' : name,
      ...(type ? { declaredType: type.toLowerCase().slice(0, MAX_DECLARED_LENGTH) } : {}),
      size,
      offset: 0,
      parts: [],
      state: 'receiving',
      startedAt: tx.now,
      expiresAt: new Date(tx.now.getTime() + ABANDONED_AFTER_MS),
    };
    await insertUpload(tx, doc);
    tx.record(uploadStarted(doc));
  });
}

/**
 * Adds a piece that lies in the vault; with the last one the whole is checked.
 * @returns the bytes that are here
 * @throws Problem `piece_out_of_place` when another request was quicker · `too_many_pieces`
 * Audited as `evidence.piece-received`.
 */
export function addPiece(ctx: EvidenceContext, actor: Actor, upload: ResumableDoc, held: HeldObject): Promise<number> {
  return ctx.transact(actor, async (tx) => {
    const offset = upload.offset + held.size;
    if (upload.parts.length >= MAX_PIECES) throw evidenceProblem('too_many_pieces');
    const part = await ctx.vault.keep(tx, upload.caseId, held, 'part');
    const whole = offset === upload.size;
    const changed = await changeUpload(tx, upload, {
      offset,
      parts: [...upload.parts, part],
      state: whole ? 'checking' : 'receiving',
      expiresAt: new Date(tx.now.getTime() + ABANDONED_AFTER_MS),
    });
    if (!changed) throw evidenceProblem('piece_out_of_place');
    if (whole) tx.enqueue({ name: 'finish-upload', payload: { uploadId: upload._id }, key: upload._id });
    tx.record(pieceReceived(upload, held, offset));
    return offset;
  });
}

/** Forgets an upload and its pieces. Audited as `evidence.upload-ended`. */
export function endUpload(ctx: EvidenceContext, actor: Actor, upload: ResumableDoc, because: string): Promise<void> {
  return ctx.transact(actor, async (tx) => {
    if (!(await deleteUpload(tx, upload))) throw evidenceProblem('piece_out_of_place');
    await dropPieces(tx, upload);
    tx.record(uploadEnded(upload, because));
  });
}

/** Deletes the keys of the pieces, and has their bytes removed. */
export async function dropPieces(tx: Tx, { parts }: ResumableDoc): Promise<void> {
  for (const objectId of parts) {
    await shredKey(tx, objectId);
    tx.enqueue({ name: 'remove-object', payload: { objectId } });
  }
}
