import type { CaseContext } from '../cases/index.js';
import type { EvidenceContext } from '../evidence/index.js';
import type { ReportLimits } from './limits.js';

export interface ReportContext extends CaseContext, Omit<EvidenceContext, keyof CaseContext> {
  /** Made by `makeReportLimits(limiter, config.reports)`. */
  readonly reportLimits: ReportLimits;
}
