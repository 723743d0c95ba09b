import { PERMISSIONS, type Permission } from '../../src/access/index.js';
import type { Role } from '../../src/kernel/actor.js';
import type { AnyRoute } from '../../src/kernel/route.js';

/** A role that may call the route; nobody for public ones. */
export function roleFor({ access }: Pick<AnyRoute<never>, 'access'>): Role | undefined {
  if (access === 'public') return undefined;
  if (access === 'signed-in' || access === 'first-factor') return 'customer';
  const may = PERMISSIONS[access.permission as Permission];
  return may.find((role): role is Role => role !== 'anonymous' && role !== 'customer') ?? 'customer';
}
