import { type ContactPoint, contactPointOf, type Person } from '../identity/index.js';
import { DAY } from '../kernel/clock.js';
import type { CheckMethod } from '../workflow/index.js';
import type { CaseDoc, IdentityCheckDoc } from './words.js';

/** Whether the passed methods satisfy one of the accepted combinations. */
export const accepts = (accept: readonly (readonly CheckMethod[])[], passed: ReadonlySet<CheckMethod>): boolean =>
  accept.some((combination) => combination.every((method) => passed.has(method)));

/** The methods that occur in any accepted combination. */
export const methodsOf = (accept: readonly (readonly CheckMethod[])[]): readonly CheckMethod[] => [
  ...new Set(accept.flat()),
];

/**
 * The passed checks that count: of this round, about the person whose case it is now, and none through a contact point
 * that has been marked compromised since.
 */
export const countedChecks = (
  checks: readonly IdentityCheckDoc[],
  round: number,
  subject: Pick<Person, '_id' | 'contactPoints'> | null,
): IdentityCheckDoc[] =>
  checks.filter(
    (check) =>
      check.state === 'passed' &&
      check.round === round &&
      check.subjectId === subject?._id &&
      (check.method !== 'callback' || isTrusted(contactPointOf(subject, check.contactPointId ?? ''))),
  );

const isTrusted = (point: ContactPoint | undefined): boolean => point?.trust === 'normal';

/**
 * Whether staff may prove the customer by calling this contact point: a telephone, not compromised, on file before the
 * incident, and at the report for as long as a factor takes to be old; a thief would add a number first and report later.
 */
export function mayCallBack(
  point: ContactPoint | undefined,
  of: Pick<CaseDoc, 'openedAt' | 'incidentAt'>,
  ageDays: number,
): boolean {
  if (point?.kind !== 'phone' || !isTrusted(point)) return false;
  const oldBefore = of.openedAt.getTime() - ageDays * DAY;
  return point.addedAt.getTime() < Math.min(oldBefore, of.incidentAt?.getTime() ?? oldBefore);
}
