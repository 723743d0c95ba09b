import { Schema } from 'mongoose';
import { hashToken } from '../../kernel/ids.js';
import { collection, isDuplicate, SCHEMA_OPTIONS } from '../../kernel/mongo.js';
import type { Tx } from '../../kernel/transact.js';

interface SpentChallenge {
  /** SHA-256 of the challenge. */
  _id: string;
  /** When it would have ended; the row goes with it. */
  endsAt: Date;
}

const schema = new Schema<SpentChallenge>({ _id: String, endsAt: { type: Date, required: true } }, SCHEMA_OPTIONS);
schema.index({ endsAt: 1 }, { expireAfterSeconds: 60 }); // a clock may be behind

const SpentChallenges = collection<SpentChallenge>('spentChallenges', schema);

/** Crosses a challenge off in the transaction of the act that it opens; false when it was answered before. */
export async function spendChallenge(tx: Tx, challenge: string, endsAt: Date): Promise<boolean> {
  try {
    await SpentChallenges(tx).create([{ _id: hashToken(challenge), endsAt }], { session: tx.session });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}
