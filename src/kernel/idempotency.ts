import { createHmac } from 'node:crypto';
import { Schema } from 'mongoose';
import { hashToken } from './ids.js';
import { collection, type Db, SCHEMA_OPTIONS } from './mongo.js';
import { kernelProblem } from './problem.js';
import { deriveKey, seal, unseal } from './seal.js';
import type { Tx } from './transact.js';

interface IdempotencyRecord {
  /** Hash of who, which route and the key: the key itself is not stored, for it opens the answer. */
  _id: string;
  /** Tells another payload under the same key; keyed by the key, for a payload may be a password and little else. */
  fingerprint: string;
  status: number;
  /** The answer, sealed under the caller's key: answers hold tokens that the store must not know. */
  answer: Buffer;
  /** Of the act that gave it. */
  receipt?: string;
  expiresAt: Date;
}

const schema = new Schema<IdempotencyRecord>(
  {
    _id: String,
    fingerprint: { type: String, required: true },
    status: { type: Number, required: true },
    answer: { type: Buffer, required: true },
    receipt: String,
    expiresAt: { type: Date, required: true },
  },
  SCHEMA_OPTIONS,
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const Records = collection<IdempotencyRecord>('idempotency', schema);

/** Printable, no spaces; long enough that it is not guessed, short enough to index. */
const KEY_FORM = /^[\x21-\x7e]{16,255}$/;

/** What an answered request left behind. Thrown out of the transaction that finds it. */
export class Replay extends Error {
  readonly status: number;
  readonly answer: unknown;
  readonly receipt: string | undefined;

  constructor(status: number, answer: unknown, receipt?: string) {
    super('already answered');
    this.status = status;
    this.answer = answer;
    this.receipt = receipt;
  }
}

/** One use of one Idempotency-Key by one caller on one route (draft-ietf-httpapi-idempotency-key-header-07). */
export interface Claim {
  readonly id: string;
  readonly fingerprint: string;
  readonly key: string;
}

/**
 * @param scope   who asks for what: route id and actor id
 * @param payload everything that makes two requests the same, in canonical JSON
 * @throws Problem `invalid_request` when the key is shorter than 16 or longer than 255 printable characters
 */
export function claimOf(key: string, scope: string, payload: string): Claim {
  if (!KEY_FORM.test(key)) {
    throw kernelProblem('invalid_request', {
      detail: 'Idempotency-Key must be 16 to 255 printable characters without spaces',
    });
  }
  const fingerprint = createHmac('sha256', deriveKey(key, 'firebreak idempotent payload'))
    .update(payload)
    .digest('base64url');
  return { id: hashToken(`${scope}\n${key}`), fingerprint, key };
}

/** @throws Replay when answered before · Problem `key_reused` when the key came with another payload */
export async function refuseAnswered(where: Db | Tx, claim: Claim): Promise<void> {
  const options = 'session' in where ? { session: where.session } : {};
  const found = await Records(where).collection.findOne({ _id: claim.id as never }, options);
  if (!found) return;
  const record = found as unknown as Omit<IdempotencyRecord, 'answer'> & { answer: { buffer: Uint8Array } };
  if (record.fingerprint !== claim.fingerprint) throw kernelProblem('key_reused');
  const text = unseal(keyOf(claim), record.answer.buffer, claim.id);
  throw new Replay(record.status, text === '' ? undefined : JSON.parse(text), record.receipt);
}

/** Keeps the answer, and the receipt that goes with it, in the transaction of the act. */
export function rememberAnswer(
  tx: Tx,
  claim: Claim,
  { status, answer, receipt }: { status: number; answer: unknown; receipt: string | undefined },
  hours: number,
): void {
  const record: IdempotencyRecord = {
    _id: claim.id,
    fingerprint: claim.fingerprint,
    status,
    answer: seal(keyOf(claim), answer === undefined ? '' : JSON.stringify(answer), claim.id),
    ...(receipt === undefined ? {} : { receipt }),
    expiresAt: new Date(tx.now.getTime() + hours * 3_600_000),
  };
  tx.append(Records, record);
}

const keyOf = ({ key }: Claim): Uint8Array => deriveKey(key, 'firebreak idempotent answer');
