// Reports, in reading order: words -> likeness, source-of -> problems -> schema, kept-report-schema -> store -> events -> limits ->
// check-activity, choose-case, received-notice, submit-report, disown-security-change -> place-hold -> read-reports, copy-case -> view,
// tracking-link -> jobs -> routes.
export type { ReportContext } from './context.js';
export { reportJobs } from './jobs.js';
export { makeReportLimits, type ReportLimits } from './limits.js';
export { reportRoutes } from './routes.js';
export { readReport, reportsOfCase } from './store.js';
export type { ReportDoc } from './words.js';
