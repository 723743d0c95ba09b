import { createHmac, randomInt } from 'node:crypto';
import { Schema, trusted } from 'mongoose';
import { MINUTE } from '../kernel/clock.js';
import { newId } from '../kernel/ids.js';
import type { Text } from '../kernel/locale.js';
import { collection, SCHEMA_OPTIONS } from '../kernel/mongo.js';
import type { Kernel } from '../kernel/route.js';
import { deriveKey } from '../kernel/seal.js';
import type { Tx } from '../kernel/transact.js';
import { supportCodeMade, supportCodeRecognised } from './events.js';
import { SPEAKERS, type Speaker, type SupportCode } from './support-words.js';

export const SUPPORT_CODE_MS = 10 * MINUTE;
const DIGITS = 8; // with ten tries in ten minutes at one person, a guess succeeds once in ten million

const text = { type: String, required: true } as const;
const schema = new Schema<SupportCode>(
  {
    _id: String,
    speaker: { ...text, enum: SPEAKERS },
    personId: text,
    madeBy: text,
    caseId: String,
    caseNumber: String,
    hash: text,
    expiresAt: { type: Date, required: true },
    usedAt: Date,
  },
  SCHEMA_OPTIONS,
);
schema.index({ personId: 1, speaker: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const SupportCodes = collection<SupportCode>('supportCodes', schema);

const hashOf = ({ secrets }: Pick<Kernel, 'secrets'>, speaker: Speaker, personId: string, code: string): string =>
  createHmac('sha256', deriveKey(secrets.linkKey, 'firebreak support codes'))
    .update(`${speaker} ${personId} ${code}`)
    .digest('base64url');

/** What the number is good for, said to whoever is about to read it out. */
const USE: Readonly<Record<Speaker, Text>> = {
  customer: {
    'zh-CN':
      '仅在您主动联系我们时，把这个号码念给我们的工作人员。任何主动打给您并索要这个号码的人都不是我们。它不是密码，也不能证明您的身份。',
    en: 'Read this number to our staff only when it was you who called. Whoever calls you and asks for it is not us. It is no password and proves nothing else about you.',
  },
  staff: {
    'zh-CN': '致电客户时念出这个号码，并请客户在自己登录的页面上核对。绝不要向客户索要任何验证码。这不能替代身份核实。',
    en: 'Read this number out when you call the customer, who checks it on a page they signed in to themselves. Never ask them for a code. It does not replace verifying who they are.',
  },
};

/** A new number. */
export interface MadeSupportCode {
  readonly code: string;
  readonly expiresAt: Date;
  readonly use: Text;
}

/**
 * Makes a number of eight digits, good once, for ten minutes; the one made before by the same side for this customer is void.
 *
 * @param about for staff, the case that the call is about
 * Audited as `support-code.made`.
 */
export async function makeSupportCode(
  tx: Tx,
  ctx: Pick<Kernel, 'secrets'>,
  { speaker, personId, about }: { speaker: Speaker; personId: string; about?: { caseId: string; caseNumber: string } },
): Promise<MadeSupportCode> {
  await SupportCodes(tx).deleteMany({ personId, speaker }, { session: tx.session });
  const code = String(randomInt(10 ** DIGITS)).padStart(DIGITS, '0');
  const doc: SupportCode = {
    _id: newId('support'),
    speaker,
    personId,
    madeBy: tx.actor.id,
    ...about,
    hash: hashOf(ctx, speaker, personId, code),
    expiresAt: new Date(tx.now.getTime() + SUPPORT_CODE_MS),
  };
  tx.append(SupportCodes, doc);
  tx.record(supportCodeMade(doc));
  return { code, expiresAt: doc.expiresAt, use: USE[speaker] };
}

/**
 * Uses up a number that the other side read out.
 *
 * @returns undefined when it is not one that `speaker` made for this customer, or is over, or was used
 * Audited as `support-code.recognised`; a refusal is the caller's to audit.
 */
export async function useSupportCode(
  tx: Tx,
  ctx: Pick<Kernel, 'secrets'>,
  { speaker, personId, code }: { speaker: Speaker; personId: string; code: string },
): Promise<SupportCode | undefined> {
  const doc = await SupportCodes(tx)
    .findOneAndUpdate(
      {
        personId,
        speaker,
        hash: hashOf(ctx, speaker, personId, code),
        usedAt: trusted({ $exists: false }),
        expiresAt: trusted({ $gt: tx.now }),
      },
      { $set: { usedAt: tx.now } },
      { session: tx.session, returnDocument: 'after' },
    )
    .lean<SupportCode>()
    .exec();
  if (doc) tx.record(supportCodeRecognised(doc));
  return doc ?? undefined;
}
