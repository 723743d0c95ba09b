import { defineProblems } from '../../kernel/problem.js';

export const factorProblem = defineProblems({
  passkey_refused: [403, 'This passkey was not accepted'],
  recovery_code_refused: [403, 'The recovery code is wrong or was used already'],
  younger_factor: [403, 'This factor is too new to take the place of an older one'],
  passkey_not_found: [404, 'No such passkey'],
  passkey_known: [409, 'This passkey is set up already'],
  passkeys_unavailable: [409, 'Passkeys need a host name, and this installation is reached by an address'],
  second_factor_set: [409, 'A second factor is set up already; re-verify to change it'],
  last_second_factor: [409, 'Staff keep at least one second factor'],
  too_many_passkeys: [422, 'There are too many passkeys'],
} as const);
