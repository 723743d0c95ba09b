import type { AuditLog } from '../audit/index.js';
import type { StepUp } from '../kernel/reverified-act.js';
import type { Kernel } from '../kernel/route.js';
import type { CaseAccess, CaseNumber } from './policy.js';
import type { Previewer } from './previewer.js';
import type { Scanner } from './scanner.js';
import type { Vault } from './vault.js';

export interface EvidenceContext extends Kernel {
  readonly vault: Vault;
  /** Undefined: nobody scans here, and every list of evidence says so. */
  readonly scanner: Scanner | undefined;
  readonly previewer: Pick<Previewer, 'expect' | 'preview'>;
  readonly caseAccess: CaseAccess;
  readonly caseNumber: CaseNumber;
  /** Whose keys sign manifests. */
  readonly auditLog: Pick<AuditLog, 'keys'>;
  readonly stepUp: Pick<StepUp, 'demand'>;
}
