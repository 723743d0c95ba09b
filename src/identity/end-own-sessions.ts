import type { Tx } from '../kernel/transact.js';
import { endSession, endSessionsOf } from './end-session.js';
import { sessionsEndAsked } from './events.js';
import { notifySecurityChange } from './notify-security-change.js';
import { identityProblem } from './problems.js';
import { readPerson, Sessions } from './store.js';
import type { Session } from './words.js';

/**
 * Ends one session of whoever asks, from another one. Quick and needs no re-verification: it takes something away, and
 * signing in gives it back. The owner is told, for it may be a thief who shows them out.
 *
 * @throws Problem `session_not_found`, another person's too
 * Audited as `sessions.end-asked`, and `session.ended` unless it had ended before.
 */
export async function endOwnSession(tx: Tx, sessionId: string): Promise<void> {
  const session = await Sessions(tx)
    .findOne({ _id: sessionId, personId: tx.actor.id }, null, { session: tx.session })
    .lean<Session>()
    .exec();
  if (!session) throw identityProblem('session_not_found');
  const own = sessionId === tx.actor.sessionId;
  const ended = await endSession(tx, session, own ? 'signed-out' : 'ended');
  tx.record(sessionsEndAsked(tx.actor.id, ended ? 1 : 0));
  if (ended && !own) await tell(tx);
}

/**
 * Ends every session of whoever asks.
 *
 * @param keep the session that stays open
 * Audited as `sessions.end-asked`, and `session.ended` for each.
 */
export async function endOwnSessions(tx: Tx, keep: string | undefined): Promise<void> {
  const ended = await endSessionsOf(tx, tx.actor.id, 'ended', keep);
  tx.record(sessionsEndAsked(tx.actor.id, ended));
  if (ended > 0) await tell(tx);
}

async function tell(tx: Tx): Promise<void> {
  const person = await readPerson(tx, tx.actor.id);
  if (person) notifySecurityChange(tx, person, { kind: 'sessions-ended' });
}
