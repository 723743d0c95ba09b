import { accountRoutes } from './accounts/index.js';
import {
  anomalyRoutes,
  auditRoutes,
  checkpointRoutes,
  erasureRoutes,
  exportRoutes,
  logRoutes,
  queryRoutes,
  statusRoutes,
} from './audit/index.js';
import { caseRoutes } from './cases/index.js';
import { evidenceRoutes } from './evidence/index.js';
import { GATE_PROBLEMS, identityRoutes } from './identity/index.js';
import { healthRoutes } from './kernel/health.js';
import { openapi } from './kernel/openapi.js';
import { reportRoutes } from './reports/index.js';
import { workflowRoutes } from './workflow/index.js';

/** Every feature's routes, in the order of the story they tell. */
export const routes = [
  ...reportRoutes,
  ...caseRoutes,
  ...workflowRoutes,
  ...evidenceRoutes,
  ...accountRoutes,
  ...identityRoutes,
  ...auditRoutes,
  ...exportRoutes,
  ...queryRoutes,
  ...anomalyRoutes,
  ...erasureRoutes,
  ...checkpointRoutes,
  ...statusRoutes,
  ...logRoutes,
  ...healthRoutes,
];

let made: ReturnType<typeof openapi> | undefined;

/** Made when it is first asked for: it takes longer than all the rest of a start. */
export const apiDocument = (): ReturnType<typeof openapi> =>
  (made ??= openapi(
    {
      title: 'Firebreak',
      version: '0.1.0',
      description:
        'Report an incident, freeze the account, verify its owner, resolve the case; and prove afterwards who did what.',
    },
    routes,
    GATE_PROBLEMS,
  ));
