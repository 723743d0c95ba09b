import { Schema } from 'mongoose';
import type { Actor } from '../kernel/actor.js';
import { MINUTE } from '../kernel/clock.js';
import { collection, type Db, inside, SCHEMA_OPTIONS, type Where } from '../kernel/mongo.js';

/** An admin's way to the evidence of one case, for a while; everybody on the case knows. */
export interface BreakGlass {
  _id: string;
  caseId: string;
  caseNumber: string;
  personId: string;
  /** It ends with the session that opened it. */
  sessionId: string;
  reason: string;
  openedAt: Date;
  expiresAt: Date;
  endedAt?: Date;
}

export const BREAK_GLASS_MS = 30 * MINUTE;

const KEPT_SECONDS = 34_128_000; // 395 days: somebody must be able to ask a year later; the audit log has it for ever
const text = { type: String, required: true } as const;
const instant = { type: Date, required: true } as const;

const schema = new Schema<BreakGlass>(
  {
    _id: String,
    caseId: text,
    caseNumber: text,
    personId: text,
    sessionId: text,
    reason: text,
    openedAt: instant,
    expiresAt: instant,
    endedAt: Date,
  },
  SCHEMA_OPTIONS,
);
schema.index({ personId: 1, caseId: 1, expiresAt: 1 });
schema.index({ expiresAt: 1 }, { expireAfterSeconds: KEPT_SECONDS });

export const BreakGlasses = collection<BreakGlass>('breakGlasses', schema);

const open = ({ id: personId, sessionId = '' }: Pick<Actor, 'id' | 'sessionId'>, now: Date) => ({
  personId,
  sessionId,
  expiresAt: { $gt: now },
  endedAt: { $exists: false },
});

/** What this actor has open now, in this very session, oldest first. */
export const openBreakGlasses = async (where: Where, actor: Actor, now: Date): Promise<BreakGlass[]> =>
  (await BreakGlasses(where)
    .collection.find(open(actor, now), inside(where))
    .sort({ openedAt: 1 })
    .toArray()) as unknown as BreakGlass[];

/** The one that opens this case to this actor. */
export const breakGlassFor = async (db: Db, actor: Actor, caseId: string, now: Date): Promise<BreakGlass | null> =>
  (await BreakGlasses(db).collection.findOne({ ...open(actor, now), caseId })) as unknown as BreakGlass | null;
