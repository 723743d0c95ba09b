import { expireFreezesTask } from './accounts/index.js';
import { auditJobs, sequenceTask } from './audit/index.js';
import { caseJobs, expireEvidenceTask } from './cases/index.js';
import { derivativeJobs, evidenceJobs, evidenceTasks, rescanTask } from './evidence/index.js';
import { noticeJobs, sweepMails } from './notices/index.js';
import { reportJobs } from './reports/index.js';

/** Every handler of an outbox row, by the feature that owns it. */
export const jobs = [...caseJobs, ...evidenceJobs, ...derivativeJobs, ...reportJobs, ...noticeJobs, ...auditJobs];

/** What comes back by the clock. */
export const recurring = [
  sequenceTask,
  expireFreezesTask,
  expireEvidenceTask,
  ...evidenceTasks,
  rescanTask,
  sweepMails,
];
