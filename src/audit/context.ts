import type { Kernel } from '../kernel/route.js';
import type { AuditLog } from './audit-log.js';

export interface AuditContext extends Kernel {
  readonly auditLog: AuditLog;
}
