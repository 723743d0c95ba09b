import { defineProblems } from '../kernel/problem.js';

export const auditProblem = defineProblems({
  event_not_found: [404, 'No such event in the audit log'],
  not_in_log_yet: [409, 'The log has not taken this in yet; ask again in a second'],
  erasure_not_found: [404, 'No such erasure'],
  cursor_not_valid: [400, 'This cursor is not one that a page of this list gave'],
} as const);
