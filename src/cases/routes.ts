import type { AnyRoute } from '../kernel/route.js';
import { breakGlassRoutes } from './break-glass-routes.js';
import type { CaseContext } from './context.js';
import { figuresRoutes } from './figures-routes.js';
import { freezingRoutes } from './freezing-routes.js';
import { identifyingRoutes } from './identifying-routes.js';
import { readingRoutes } from './reading-routes.js';
import { resolvingRoutes } from './resolving-routes.js';
import { supportRoutes } from './support-routes.js';
import { workingRoutes } from './working-routes.js';

export const caseRoutes: readonly AnyRoute<CaseContext>[] = [
  ...readingRoutes,
  ...workingRoutes,
  ...supportRoutes,
  ...freezingRoutes,
  ...identifyingRoutes,
  ...resolvingRoutes,
  ...breakGlassRoutes,
  ...figuresRoutes,
];
