import { trusted } from 'mongoose';
import { isDuplicate } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import { accountLinked } from './events.js';
import { identityProblem } from './problems.js';
import { findPersonByAccount, People } from './store.js';

/**
 * Links an exchange account to a person, for good: one account, one person.
 *
 * The caller has proved that the person holds the account (a link code that the exchange redeemed).
 * @throws Problem `account_linked` when either of them is linked already
 * Audited as `account.linked`.
 */
export async function linkAccount(tx: Tx, personId: string, accountId: string): Promise<void> {
  if (await findPersonByAccount(tx, accountId)) throw identityProblem('account_linked');
  const linked = await People(tx)
    .updateOne(
      { _id: personId, accountId: trusted({ $exists: false }) },
      { $set: { accountId } },
      { session: tx.session },
    )
    .catch((error: unknown) => {
      throw isDuplicate(error) ? identityProblem('account_linked') : error; // two at once: the index lets one through
    });
  if (linked.modifiedCount !== 1) throw identityProblem('account_linked');
  tx.record(accountLinked(personId, accountId));
}
