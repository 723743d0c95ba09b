import {
  equal,
  Fault,
  parseKey,
  parseNote,
  readCheckpoint,
  toHex,
  type VerifierKey,
  verifyNote,
} from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';
import { noteOf } from './checkpoints.js';
import type { AuditContext } from './context.js';
import { AuditCheckpoints, type CheckpointRow } from './log-store.js';

export interface CheckpointPageRequest {
  readonly limit: number;
  /** Size of the last checkpoint of the page before. */
  readonly cursor?: string | undefined;
}

/** A signature under a checkpoint, held to the keys that we know. */
export interface SignatureView {
  /** Name of the key. */
  name: string;
  /** Eight hexadecimal digits. */
  keyId: string;
  /** Undefined where we do not know the key, so that nothing can be said. */
  holds?: boolean;
  /** When a witness says that it signed; RFC 3339, UTC. */
  at?: string;
}

export interface CheckpointView {
  size: number;
  /** Base64, as in the note. */
  rootHash: string;
  /** RFC 3339, UTC. */
  at: string;
  /** The signed note, with what witnesses added. */
  note: string;
  /** Whether the note is ours, signed, and says what is stored beside it. */
  sound: boolean;
  signatures: SignatureView[];
  cosignatures: SignatureView[];
}

export interface CheckpointPageView {
  checkpoints: CheckpointView[];
  next?: string;
}

/** Reads one page of what was signed, newest first. It holds no event, so the reading is no act. */
export async function listCheckpoints(
  { db, auditLog, config }: AuditContext,
  { limit, cursor }: CheckpointPageRequest,
): Promise<CheckpointPageView> {
  const { all, origin } = await auditLog.keys();
  const witnesses = await Promise.all(config.audit.witnesses.map(({ key }) => parseKey(nodePrimitives, key)));
  const older = cursor === undefined ? {} : { _id: { $lt: Number(cursor) as never } };
  const found = (await AuditCheckpoints(db)
    .collection.find(older, { promoteBuffers: true })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .toArray()) as unknown as CheckpointRow[];
  const rows = found.slice(0, limit);
  return {
    checkpoints: await Promise.all(rows.map((row) => checkpointView(row, origin, [...all, ...witnesses]))),
    ...(found.length > limit && { next: String(rows.at(-1)?._id) }),
  };
}

/** A row that was damaged behind our back is shown as it is. */
async function checkpointView(
  row: CheckpointRow,
  origin: string,
  keys: readonly VerifierKey[],
): Promise<CheckpointView> {
  const note = noteOf(row);
  const signatures = await signaturesOf(note, keys);
  const own = signatures.filter(({ name }) => name === origin);
  return {
    size: Number(row._id),
    rootHash: row.root instanceof Uint8Array ? Buffer.from(row.root).toString('base64') : '',
    at: (row.at instanceof Date ? row.at : new Date(0)).toISOString(),
    note,
    sound: saysTheSame(row, origin) && own.some(({ holds }) => holds) && own.every(({ holds }) => holds !== false),
    signatures: own,
    cosignatures: signatures.filter(({ name }) => name !== origin),
  };
}

function saysTheSame({ _id, root, note }: CheckpointRow, origin: string): boolean {
  const said = unlessFault(() => readCheckpoint(parseNote(note).text));
  return said?.origin === origin && said.size === Number(_id) && root instanceof Uint8Array && equal(said.root, root);
}

async function signaturesOf(given: string, keys: readonly VerifierKey[]): Promise<SignatureView[]> {
  const note = unlessFault(() => parseNote(given));
  return Promise.all(
    (note?.signatures ?? []).map(async (signature) => {
      const { name, id } = signature;
      const view = { name, keyId: toHex(id) };
      try {
        const [signer] = await verifyNote(nodePrimitives, { text: note?.text ?? '', signatures: [signature] }, keys);
        return { ...view, holds: true, ...(signer?.at && { at: signer.at.toISOString() }) };
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return error.code === 'unknown_key' ? view : { ...view, holds: false };
      }
    }),
  );
}

function unlessFault<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return undefined;
  }
}
