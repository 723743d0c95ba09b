import { defineProblems } from '../kernel/problem.js';

export const accountProblem = defineProblems({
  account_not_linked: [409, 'No exchange account is linked yet'],
  account_already_linked: [409, 'Another exchange account is linked already'],
  account_unknown: [404, 'The exchange does not know this account'],
  link_code_invalid: [422, 'The link code is wrong, used up or expired; get a new one at the exchange'],
  exchange_unavailable: [503, 'The exchange does not answer right now; try again shortly'],
  freeze_not_found: [404, 'No such freeze'],
  freeze_state_conflict: [409, 'The freeze is not in a state that allows this'],
  remedy_not_found: [404, 'No such remedy'],
  remedy_under_way: [409, 'The same remedy is already under way'],
} as const);
