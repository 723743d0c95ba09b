import { readPerson } from '../identity/index.js';
import type { Actor } from '../kernel/actor.js';
import type { AccountsContext } from './context.js';
import { accountProblem } from './problems.js';

/**
 * Names the exchange account of whoever is signed in.
 *
 * @throws Problem `account_not_linked`
 */
export async function ownAccount({ db }: Pick<AccountsContext, 'db'>, actor: Actor): Promise<string> {
  const person = actor.kind === 'person' ? await readPerson(db, actor.id) : null;
  if (!person?.accountId) throw accountProblem('account_not_linked');
  return person.accountId;
}
