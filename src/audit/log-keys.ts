import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Schema } from 'mongoose';
import { collection, type Db, isDuplicate, SCHEMA_OPTIONS } from '../kernel/mongo.js';
import { seal, unseal } from '../kernel/seal.js';
import {
  formatKey,
  formatSignature,
  KEY_TYPES,
  keyOf,
  parseKey,
  successionText,
  type VerifierKey,
} from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';

/** One key of the log. Who can read the store has the public half only: the other is sealed under a key from ROOT_KEY. */
export interface KeyRow {
  /** 1 for the first; the highest signs. */
  readonly _id: number;
  /** Public key, `name+id+base64`; its name is the origin of the log. */
  readonly key: string;
  readonly sealed: Uint8Array;
  /** Signed note in which the key before names this one. */
  readonly succession: string | null;
  readonly createdAt: Date;
  readonly retiredAt: Date | null;
}

const schema = new Schema<KeyRow>(
  {
    _id: { type: Number, required: true },
    key: { type: String, required: true },
    sealed: { type: Buffer, required: true },
    succession: { type: String, default: null },
    createdAt: { type: Date, required: true },
    retiredAt: { type: Date, default: null },
  },
  SCHEMA_OPTIONS,
);
export const AuditKeys = collection<KeyRow>('auditKeys', schema);

/** The keys of the log at one instant. */
export interface LogKeys {
  /** The name of the log in checkpoints. */
  readonly origin: string;
  /** Every public key it had, oldest first: those whose private half opens, where any of them does. */
  readonly all: readonly VerifierKey[];
  /** Rows that hold no key of this log: somebody else put them into the store, or changed them there. */
  readonly strays: readonly number[];
  readonly successions: readonly string[];
  /** False where the keys were sealed under another ROOT_KEY: such a process signs nothing, and nothing it writes is taken in. */
  readonly canSign: boolean;
  /** A signed note: by the newest key, and by older ones that are not retired yet. */
  signNote(text: string): string;
  /** The same with the newest key alone. */
  signReceipt(text: string): string;
}

interface Signer {
  readonly key: VerifierKey;
  readonly privateKey: KeyObject;
}

/**
 * Reads the keys of the log; the first one to ask makes the first key.
 *
 * @param sealKey  32 bytes
 * @param origin   name of a log that has none yet
 */
export async function openLogKeys(db: Db, sealKey: Uint8Array, origin: string, now: Date): Promise<LogKeys> {
  const known = await readKeyRows(db);
  if (known.length === 0) await addFirst(db, sealKey, origin, now);
  return keysOf(known.length > 0 ? known : await readKeyRows(db), sealKey);
}

export async function readKeyRows(db: Db): Promise<KeyRow[]> {
  const rows = await AuditKeys(db).collection.find({}, { promoteBuffers: true }).sort({ _id: 1 }).toArray();
  return rows as unknown as KeyRow[];
}

async function addFirst(db: Db, sealKey: Uint8Array, origin: string, now: Date): Promise<void> {
  const { row } = await makeKey(sealKey, origin, 1, now);
  await AuditKeys(db)
    .collection.insertOne(row as never)
    .catch((error: unknown) => {
      if (!isDuplicate(error)) throw error; // another process was quicker: its key is the one
    });
}

/** A new key, named by `before` where there is one. */
export async function makeKey(
  sealKey: Uint8Array,
  origin: string,
  generation: number,
  now: Date,
  before?: LogKeys,
): Promise<{ row: KeyRow; key: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = formatKey(await keyOf(nodePrimitives, origin, KEY_TYPES.ed25519, rawPublic(publicKey)));
  const secret = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  const row: KeyRow = {
    _id: generation,
    key,
    sealed: seal(sealKey, secret, key),
    succession: before ? before.signReceipt(successionText(origin, key)) : null,
    createdAt: now,
    retiredAt: null,
  };
  return { row, key };
}

/** The last 32 bytes of the SPKI form. Source: RFC 8410, section 4 */
export const rawPublic = (key: KeyObject): Uint8Array =>
  new Uint8Array(key.export({ type: 'spki', format: 'der' }).subarray(-32));

/**
 * A row counts when its private half opens under our ROOT_KEY and fits the public one, retired or not: who can write to the store
 * could otherwise name a key of their own, and sign with it what the log is said to have been. Where none opens, ROOT_KEY is
 * another one; then they are read as they are, and nothing is signed.
 */
async function keysOf(rows: readonly KeyRow[], sealKey: Uint8Array): Promise<LogKeys> {
  const read = await Promise.all(rows.map((row) => openRow(row, sealKey)));
  const opened = read.filter(({ signer }) => signer !== undefined);
  const known = (opened.length > 0 ? opened : read).filter((one) => one.key !== undefined);
  const all = known.map(({ key }) => key as VerifierKey);
  const signers = opened.flatMap(({ row, signer }, n) =>
    signer && (row.retiredAt === null || n === opened.length - 1) ? [signer] : [],
  ); // the newest is never retired, whatever its row says
  const newest = signers.at(-1);
  const noteOf = (text: string, by: readonly Signer[]) => {
    if (by.length === 0) throw new Error('this process does not hold the keys of the log');
    const lines = by.map(({ key: { name, id }, privateKey }) =>
      formatSignature({ name, id, signature: sign(null, Buffer.from(text), privateKey) }),
    );
    return `${text}\n${lines.join('')}`;
  };
  return {
    origin: all[0]?.name ?? '',
    all,
    strays: read.filter((one) => !known.some(({ row }) => row === one.row)).map(({ row }) => Number(row._id)),
    successions: known.flatMap(({ row: { succession } }) => (typeof succession === 'string' ? [succession] : [])),
    canSign: newest !== undefined,
    signNote: (text) => noteOf(text, signers.toReversed()),
    signReceipt: (text) => noteOf(text, newest ? [newest] : []),
  };
}

async function openRow(row: KeyRow, sealKey: Uint8Array) {
  try {
    const key = await parseKey(nodePrimitives, row.key);
    return { row, key, signer: signerOf(row, key, sealKey) };
  } catch {
    return { row, key: undefined, signer: undefined };
  }
}

function signerOf(row: KeyRow, key: VerifierKey, sealKey: Uint8Array): Signer | undefined {
  try {
    const secret = Buffer.from(unseal(sealKey, row.sealed, row.key), 'base64');
    const privateKey = createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' });
    return Buffer.from(rawPublic(createPublicKey(privateKey))).equals(key.publicKey) ? { key, privateKey } : undefined;
  } catch {
    return undefined;
  }
}
