import type { Problem } from '../kernel/problem.js';
import type { ReportContext } from './context.js';
import { issueAt, reportProblem } from './problems.js';
import type { ActivityState, NotMine } from './words.js';

/**
 * Holds what the customer says was not theirs against what the exchange says happened.
 *
 * A report is never lost because the exchange is away, or because no account is linked: then it stands unverified.
 * @throws Problem `not_in_recent_activity`, naming the fields
 */
export async function checkActivity(
  { exchange, logger }: Pick<ReportContext, 'exchange' | 'logger'>,
  accountId: string | undefined,
  notMine: NotMine | undefined,
): Promise<ActivityState> {
  const named = Object.entries(notMine ?? {}).filter(([, ids]) => (ids as string[] | undefined)?.length) as [
    keyof NotMine,
    string[],
  ][];
  if (named.length === 0) return 'none-named';
  if (accountId === undefined) return 'unverified';
  let recent: Record<keyof NotMine, readonly { readonly id: string }[]>;
  try {
    recent = await exchange.recentActivity(accountId);
  } catch (error) {
    logger.warn('a report could not be held against recent activity', { accountId, error });
    return 'unverified';
  }
  for (const [field, ids] of named) {
    const known = new Set(recent[field].map(({ id }) => id));
    if (ids.some((id) => !known.has(id))) throw unknownIds(field);
  }
  return 'verified';
}

const unknownIds = (field: keyof NotMine): Problem =>
  reportProblem('not_in_recent_activity', issueAt(`notMine.${field}`, "is not in the account's recent activity"));
