import type { Tx } from '../../kernel/transact.js';
import { endSessionsOf } from '../end-session.js';
import { notifySecurityChange } from '../notify-security-change.js';
import type { SecurityChangeKind } from '../security-change.js';
import { Sessions } from '../store.js';
import type { Person } from '../words.js';

/**
 * What every change of a second factor brings with it: the other sessions end, and the owner hears of it elsewhere. The
 * session that made the change goes on.
 *
 * @param passed  this session has shown the new factor, and so has passed one
 * Audited as `session.ended`, once for each.
 */
export async function factorChanged(
  tx: Tx,
  person: Pick<Person, '_id' | 'contactPoints' | 'locale'>,
  { kind, passed }: { kind: SecurityChangeKind; passed: boolean },
): Promise<void> {
  const sessionId = tx.actor.sessionId ?? '';
  await endSessionsOf(tx, person._id, 'factor', sessionId);
  if (passed)
    await Sessions(tx).updateOne({ _id: sessionId }, { $set: { secondFactorAt: tx.now } }, { session: tx.session });
  notifySecurityChange(tx, person, { kind });
}
