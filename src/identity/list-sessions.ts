import { trusted } from 'mongoose';
import type { Actor } from '../kernel/actor.js';
import type { Db } from '../kernel/mongo.js';
import { nameDevice } from './name-device.js';
import { placeOf } from './place-of.js';
import { Sessions } from './store.js';
import type { Session } from './words.js';

const MOST = 200; // shown; whoever has more ends them all

/** The open sessions of whoever asks, the newest first. */
export async function listSessions(db: Db, actor: Actor, now: Date) {
  const open = await Sessions(db)
    .find({ personId: actor.id, endedAt: trusted({ $exists: false }), endsAt: trusted({ $gt: now }) })
    .sort({ createdAt: -1 })
    .limit(MOST)
    .lean<Session[]>()
    .exec();
  return { sessions: open.map((session) => view(session, actor.sessionId)) };
}

const view = (session: Session, current: string | undefined) => ({
  id: session._id,
  current: session._id === current,
  device: nameDevice(session.userAgent),
  openedFrom: placeOf(session.address),
  usedFrom: placeOf(session.usedFrom ?? session.address),
  openedAt: session.createdAt.toISOString(),
  usedAt: session.usedAt.toISOString(),
  endsAt: session.endsAt.toISOString(),
  secondFactor: session.secondFactorAt !== undefined,
});
