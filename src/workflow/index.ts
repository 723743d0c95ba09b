/** Workflow definitions and the pure step through them. Knows no feature. */

export type { Definition, DefinitionRef } from './definition.js';
export { EventNotAllowed } from './event-not-allowed.js';
export type { Refusal } from './guards.js';
export { loadWorkflows, type Workflows } from './load-workflows.js';
export { workflowRoutes } from './routes.js';
export { allowedEvents, initial, transition } from './transition.js';
export * from './words.js';
export { WorkflowRefused } from './workflow-refused.js';
