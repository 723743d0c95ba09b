import { auditChecks } from './audit/index.js';
import { caseChecks } from './cases/index.js';
import { evidenceChecks } from './evidence/index.js';

/** What `firebreak fsck` looks at, by the feature that owns it. */
export const checks = [...auditChecks, ...caseChecks, ...evidenceChecks];
