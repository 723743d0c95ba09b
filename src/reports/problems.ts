import { defineProblems } from '../kernel/problem.js';

export const reportProblem = defineProblems({
  contact_missing: [422, 'Say how we can reach you: an e-mail address or a telephone number'],
  hold_needs_account: [422, 'Say which account withdrawals should be held for'],
  not_in_recent_activity: [422, "This is not in the account's recent activity"],
  contact_point_unknown: [422, 'You have no such contact point'],
} as const);

/** Where a report does not fit what we know; the same shape as the kernel's `issues`. */
export const issueAt = (path: string, message: string) => ({
  extra: { issues: [{ in: 'body', path, rule: 'any.unknown', message }] },
});
