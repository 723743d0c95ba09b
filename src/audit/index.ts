// The audit log, in reading order: words -> commitment, leaf-hash, build-event -> store -> append-events ->
// verify-event -> events -> list-events, show-event -> view -> schema -> routes.
export { appendEvents } from './append-events.js';
export { auditRoutes } from './routes.js';
export { type Fault, verifyEvent } from './verify-event.js';
export type { AuditEvent, EventRow, Opening } from './words.js';
