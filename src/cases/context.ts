import type { AccountsContext } from '../accounts/index.js';
import type { Workflows } from '../workflow/index.js';

export interface CaseContext extends AccountsContext {
  readonly workflows: Workflows;
}
