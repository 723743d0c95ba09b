import type { Kernel } from '../kernel/route.js';
import type { StepUp } from '../kernel/serve.js';
import type { ObjectStore } from './object-store.js';
import type { CaseAccess } from './policy.js';

export interface EvidenceContext extends Kernel {
  readonly objects: ObjectStore;
  readonly caseAccess: CaseAccess;
  readonly stepUp: Pick<StepUp, 'demand'>;
}
