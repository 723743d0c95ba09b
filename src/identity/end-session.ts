import { trusted } from 'mongoose';
import type { Tx } from '../kernel/transact.js';
import { sessionEnded } from './events.js';
import { Sessions } from './store.js';
import type { EndReason, Session } from './words.js';

/**
 * Ends a session; its access tokens are refused from the commit on.
 *
 * @returns false when it had ended before
 * Audited as `session.ended`, once.
 */
export async function endSession(
  tx: Tx,
  session: Pick<Session, '_id' | 'personId'>,
  reason: EndReason,
): Promise<boolean> {
  const ended = await Sessions(tx).updateOne(
    { _id: session._id, endedAt: trusted({ $exists: false }) },
    { $set: { endedAt: tx.now, endedBecause: reason } },
    { session: tx.session },
  );
  if (ended.modifiedCount !== 1) return false;
  tx.record(sessionEnded(session, reason));
  return true;
}

/** Ends every session of a person but one. @returns how many */
export async function endSessionsOf(tx: Tx, personId: string, reason: EndReason, except?: string): Promise<number> {
  const open = await Sessions(tx)
    .find(
      { personId, endedAt: trusted({ $exists: false }), endsAt: trusted({ $gt: tx.now }) },
      { _id: 1, personId: 1 },
      { session: tx.session },
    )
    .lean<Pick<Session, '_id' | 'personId'>[]>()
    .exec();
  let ended = 0;
  for (const session of open) if (session._id !== except && (await endSession(tx, session, reason))) ended += 1;
  return ended;
}
