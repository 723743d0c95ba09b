// Cases, in reading order: words -> problems -> policy, identity-policy -> case-number -> store -> events -> facts, notify,
// effects -> advance -> one verb per file, open-case first -> case-file, acts, view, get-case,
// list-cases, list-proposals, timeline, track-case ->
// jobs, settle-release; retention -> set-retention, expire-evidence -> request-shapes, reply-shapes -> acting and the routes.
export { advance } from './advance.js';
export { makeCaseAccess } from './case-access.js';
export type { CaseEvent } from './case-event.js';
export { caseIdOf } from './case-id-of.js';
export { readCaseNumber } from './case-number.js';
export { checkWorkflows } from './check-workflows.js';
export { caseChecks } from './checks.js';
export type { CaseContext } from './context.js';
export { findOpenCase, type SameReporter } from './find-open-case.js';
export { getCase } from './get-case.js';
export { caseJobs, expireEvidenceTask } from './jobs.js';
export { type JoiningReport, joinCase } from './join-case.js';
export { linkAccount } from './link-account.js';
export { type CaseOpening, openCase } from './open-case.js';
export { caseProblem } from './problems.js';
export { caseReply, timelineEntries } from './reply-shapes.js';
export { caseRoutes } from './routes.js';
export { readCase } from './store.js';
export { timeline } from './timeline.js';
export type { CaseDoc, Outcome, Reporter } from './words.js';
