import { type Actor, ROLES, type Role } from '../kernel/actor.js';

/** Who may: a role of product.md, or somebody who has not signed in. */
export type Who = Role | 'anonymous';

const PERMISSION_NAMES = [
  'report.submit',
  'case.read',
  'case.work',
  'case.freeze',
  'freeze.extend',
  'identity.verify',
  'remedy.order',
  'release.propose',
  'release.approve',
  'case.close',
  'case.reopen',
  'evidence.view',
  'evidence.add',
  'evidence.share',
  'break-glass.open',
  'audit.read',
  'audit.export',
  'audit.erase',
  'legal-hold.set',
  'retention.set',
  'people.manage',
  'colleague.read',
  'workflow.read',
  'figures.read',
  'keys.read',
] as const;
export type Permission = (typeof PERMISSION_NAMES)[number];

interface Row {
  readonly may: readonly Permission[];
  /** Said again, for these are promises: a permission that slips into the left column is refused at start. */
  readonly never: readonly Permission[];
}

const AGENT: readonly Permission[] = [
  'report.submit',
  'case.read',
  'case.work',
  'case.freeze',
  'evidence.view',
  'evidence.add',
  'colleague.read',
  'workflow.read',
  'figures.read',
];
const ACTS_ON_ACCOUNT: readonly Permission[] = [
  'case.work',
  'case.freeze',
  'freeze.extend',
  'identity.verify',
  'remedy.order',
  'release.propose',
  'release.approve',
];

/**
 * The people table of the product, row by row. What a row does not allow is forbidden.
 *
 * Three things are not in it because no role decides them: a customer reads only the own case ("not yours" answers like "not
 * there"), who had which hand in a release (separation.ts), and the break-glass that an admin's `evidence.view` stays empty
 * without (cases).
 */
const TABLE: Readonly<Record<Who, Row>> = {
  anonymous: {
    may: ['report.submit'],
    never: ['case.read', 'case.freeze', 'evidence.view'],
  },
  customer: {
    may: ['report.submit', 'case.read', 'evidence.view', 'evidence.add'],
    never: ['release.propose', 'release.approve', 'case.work', 'case.freeze', 'colleague.read'],
  },
  agent: {
    may: AGENT,
    never: ['identity.verify', 'release.propose', 'release.approve', 'freeze.extend', 'evidence.share'],
  },
  analyst: {
    may: [
      ...AGENT,
      'freeze.extend',
      'identity.verify',
      'remedy.order',
      'release.propose',
      'case.close',
      'case.reopen',
      'evidence.share',
    ],
    never: ['release.approve', 'people.manage', 'audit.read'],
  },
  approver: {
    may: [
      'report.submit',
      'case.read',
      'evidence.view',
      'release.approve',
      'colleague.read',
      'workflow.read',
      'figures.read',
    ],
    never: ['release.propose', 'identity.verify', 'people.manage', 'audit.read'],
  },
  compliance: {
    may: [
      'report.submit',
      'case.read',
      'audit.read',
      'audit.export',
      'audit.erase',
      'legal-hold.set',
      'retention.set',
      'colleague.read',
      'workflow.read',
      'figures.read',
    ],
    never: [...ACTS_ON_ACCOUNT, 'evidence.view', 'people.manage'],
  },
  admin: {
    may: [
      'report.submit',
      'people.manage',
      'break-glass.open',
      'evidence.view',
      'colleague.read',
      'workflow.read',
      'keys.read',
    ],
    never: [...ACTS_ON_ACCOUNT, 'case.read', 'evidence.add', 'audit.read'],
  },
};

const COLUMN: readonly Who[] = ['anonymous', ...ROLES];

for (const who of COLUMN)
  for (const permission of TABLE[who].never)
    if (TABLE[who].may.includes(permission)) throw new Error(`${who} must never ${permission}`);

/** The same table by permission: who may. */
export const PERMISSIONS: Readonly<Record<Permission, readonly Who[]>> = Object.fromEntries(
  PERMISSION_NAMES.map((permission) => [permission, COLUMN.filter((who) => TABLE[who].may.includes(permission))]),
) as unknown as Record<Permission, readonly Who[]>;

export const isPermission = (name: string): name is Permission => Object.hasOwn(PERMISSIONS, name);

/**
 * Says whether the actor holds a permission; a permission that the table does not know is held by nobody.
 *
 * The system itself (worker, command line) calls verbs, not routes: it holds none.
 */
export function can(actor: Pick<Actor, 'kind' | 'roles'>, permission: string): boolean {
  if (!isPermission(permission)) return false;
  const may: readonly Who[] = PERMISSIONS[permission];
  if (actor.kind === 'anonymous') return may.includes('anonymous');
  if (actor.kind === 'person') return actor.roles.some((role) => may.includes(role));
  return false;
}
