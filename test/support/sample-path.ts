import type { AnyRoute } from '../../src/kernel/route.js';
import { routes } from '../../src/routes.js';

export const allRoutes = routes as readonly AnyRoute<never>[];

const KIND_OF: Readonly<Record<string, string>> = {
  caseId: 'case',
  freezeId: 'freeze',
  checkId: 'check',
  approvalId: 'approval',
  evidenceId: 'evidence',
  contactPointId: 'contact',
  reverificationId: 'reverification',
  personId: 'person',
  eventId: 'event',
  breakGlassId: 'glass',
};

/** An id of the right form that nothing has. */
export const nobodysId = (parameter: string): string => `${KIND_OF[parameter] ?? 'thing'}_${'0'.repeat(24)}`;

/** The path of a route with `ids` in it, and ids that nothing has for the rest. */
export const samplePath = (
  { path }: Pick<AnyRoute<never>, 'path'>,
  ids: Readonly<Record<string, string>> = {},
): string => path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? nobodysId(name));
