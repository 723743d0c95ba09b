import { trusted } from 'mongoose';
import type { Tx } from '../kernel/transact.js';
import { sessionEnded } from './events.js';
import { Sessions } from './store.js';
import type { EndReason, Session } from './words.js';

/** Ends a session; its access tokens are refused from the commit on. Audited as `session.ended`, once. */
export async function endSession(tx: Tx, session: Pick<Session, '_id' | 'personId'>, reason: EndReason): Promise<void> {
  const ended = await Sessions(tx).updateOne(
    { _id: session._id, endedAt: trusted({ $exists: false }) },
    { $set: { endedAt: tx.now, endedBecause: reason } },
    { session: tx.session },
  );
  if (ended.modifiedCount === 1) tx.record(sessionEnded(session, reason));
}

/** Ends every session of a person but one. */
export async function endSessionsOf(tx: Tx, personId: string, reason: EndReason, except?: string): Promise<void> {
  const open = await Sessions(tx)
    .find(
      { personId, endedAt: trusted({ $exists: false }), endsAt: trusted({ $gt: tx.now }) },
      { _id: 1, personId: 1 },
      { session: tx.session },
    )
    .lean<Pick<Session, '_id' | 'personId'>[]>()
    .exec();
  for (const session of open) if (session._id !== except) await endSession(tx, session, reason);
}
