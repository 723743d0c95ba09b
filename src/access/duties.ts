import type { Role } from '../kernel/actor.js';

const CASE_WORKERS: readonly Role[] = ['agent', 'analyst', 'approver'];

/** Everybody who works for the exchange: they sign in with two factors or not at all. */
export const hasStaffRole = (roles: readonly Role[]): boolean => roles.some((role) => role !== 'customer');

/**
 * Names the first two roles that one person must not hold together, or nothing.
 *
 * The "never" column of the people table would be empty words if roles could be added up: compliance never acts on an
 * account, an admin never reads evidence, and nobody works on cases with the same sign-in they are a customer with.
 */
export function rolesInConflict(roles: readonly Role[]): readonly [Role, Role] | undefined {
  const worker = roles.find((role) => CASE_WORKERS.includes(role));
  if (worker && roles.includes('compliance')) return ['compliance', worker];
  if (worker && roles.includes('admin')) return ['admin', worker];
  const staff = roles.find((role) => role !== 'customer');
  return staff && roles.includes('customer') ? ['customer', staff] : undefined;
}
