// Reports, in reading order: words -> likeness, source-of -> problems -> schema -> store -> events -> limits ->
// check-activity, choose-case, received-notice, submit-report -> place-hold, tell-owner-of-hold -> view, tracking-link ->
// jobs -> routes.
export type { ReportsContext } from './context.js';
export { reportJobs } from './jobs.js';
export { makeReportLimits, type ReportLimits } from './limits.js';
export { reportRoutes } from './routes.js';
export { caseIdByTracking, readReport, reportsOfCase } from './store.js';
export type { ReportDoc } from './words.js';
