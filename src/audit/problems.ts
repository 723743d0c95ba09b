import { defineProblems } from '../kernel/problem.js';

export const auditProblem = defineProblems({
  event_not_found: [404, 'No such event in the audit log'],
  not_in_log_yet: [409, 'The log has not taken this in yet; ask again in a second'],
  erasure_not_found: [404, 'No such erasure'],
  address_not_valid: [400, 'Give an IP address, or a network such as 203.0.113.0/24'],
  time_zone_not_valid: [400, 'Give a time zone by its IANA name, such as Asia/Shanghai'],
  query_not_found: [404, 'No such saved query'],
  query_name_taken: [409, 'A query of this name is kept already'],
  queries_full: [409, 'As many queries are kept as may be; forget one first'],
  cursor_not_valid: [400, 'This cursor is not one that a page of this list gave'],
} as const);
