import type { Actor, Role } from '../kernel/actor.js';

/** Who may: a role of product.md, or somebody who has not signed in. */
export type Who = Role | 'anonymous';

/**
 * The people table of the product, permission by permission. A role that a line does not name may not.
 *
 * Two things are not in this table because no role decides them: a customer reads only the own case ("not yours" answers
 * like "not there"), and proposer, verifier and approver of one release differ. Both are policies of the case.
 */
const TABLE = {
  'report.submit': ['anonymous', 'customer', 'agent', 'analyst', 'approver', 'compliance', 'admin'],

  'case.read': ['customer', 'agent', 'analyst', 'approver', 'compliance'],
  'case.work': ['agent', 'analyst'],
  'case.freeze': ['agent', 'analyst'],
  'freeze.extend': ['analyst'],

  'identity.verify': ['analyst'],
  'remedy.order': ['analyst'],
  'release.propose': ['analyst'],
  'release.approve': ['approver'],
  'case.close': ['analyst'],
  'case.reopen': ['analyst'],

  'evidence.view': ['customer', 'agent', 'analyst', 'approver'],

  'audit.read': ['compliance'],
  'audit.export': ['compliance'],
  'legal-hold.set': ['compliance'],

  'people.manage': ['admin'],
} as const satisfies Record<string, readonly Who[]>;

export type Permission = keyof typeof TABLE;

export const PERMISSIONS: Readonly<Record<Permission, readonly Who[]>> = TABLE;

export const isPermission = (name: string): name is Permission => Object.hasOwn(TABLE, name);

/**
 * Says whether the actor holds a permission; a permission that the table does not know is held by nobody.
 *
 * The system itself (worker, command line) calls verbs, not routes: it holds none.
 */
export function can(actor: Pick<Actor, 'kind' | 'roles'>, permission: string): boolean {
  if (!isPermission(permission)) return false;
  const may: readonly Who[] = TABLE[permission];
  if (actor.kind === 'anonymous') return may.includes('anonymous');
  if (actor.kind === 'person') return actor.roles.some((role) => may.includes(role));
  return false;
}
