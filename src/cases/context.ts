import type { AccountsContext } from '../accounts/index.js';
import type { IdentityParts } from '../identity/index.js';
import type { Workflows } from '../workflow/index.js';

export interface CaseContext extends AccountsContext {
  readonly identity: IdentityParts;
  readonly workflows: Workflows;
}
