// The audit log, in reading order: words -> commitment, leaf-hash, build-event -> store, log-store, vouch -> append-events ->
// tiles, tree -> log-keys, sequence-batch, sign-checkpoint, sequencer, audit-log -> verify-event -> events -> list-events,
// show-event -> view, search-words, search-events -> schema -> routes, jobs; checkpoints, prove-event -> log-routes, tile-pages;
// list-checkpoints -> checkpoint-routes; stream/ (ocsf -> targets -> stream-store -> streamer), read-status -> status-route;
// logged-events -> checks;
// erasure-words, -events, -store, -subject -> order-erasure, erase-openings -> erasure-routes.
export { anomalyRoutes } from './anomaly-routes.js';
export { ledgerOf } from './append-events.js';
export { AuditLog } from './audit-log.js';
export { checkpointRoutes } from './checkpoint-routes.js';
export { auditChecks } from './checks.js';
export type { AuditContext } from './context.js';
export { erasureRoutes } from './erasure-routes.js';
export { type ExportRequest, exportLog } from './export-log.js';
export { exportRoutes } from './export-routes.js';
export { auditJobs, sequenceTask } from './jobs.js';
export { leafHash } from './leaf-hash.js';
export { type LogKeys, openLogKeys } from './log-keys.js';
export { logRoutes } from './log-routes.js';
export { eventsOfAction, eventsOfCase } from './logged-events.js';
export { outletsOf } from './outlets/outlets-of.js';
export { queryRoutes } from './query-routes.js';
export { raiseAlarm } from './raise-alarm.js';
export { type LogStatus, readStatus } from './read-status.js';
export { listLogKeys, retireLogKey, rotateLogKey } from './rotate-keys.js';
export { auditRoutes } from './routes.js';
export { statusRoutes } from './status-route.js';
export { streamTargetOf } from './stream/target-of.js';
export { auditTiles } from './tile-pages.js';
export { type Fault, verifyEvent } from './verify-event.js';
export type { AuditEvent, EventRow, Opening } from './words.js';
