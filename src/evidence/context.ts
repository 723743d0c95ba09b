import type { Kernel } from '../kernel/route.js';
import type { StepUp } from '../kernel/serve.js';
import type { CaseAccess } from './policy.js';
import type { Vault } from './vault.js';

export interface EvidenceContext extends Kernel {
  readonly vault: Vault;
  readonly caseAccess: CaseAccess;
  readonly stepUp: Pick<StepUp, 'demand'>;
}
