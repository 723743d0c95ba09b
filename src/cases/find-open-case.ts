import { inside, type Where } from '../kernel/mongo.js';
import type { IncidentKind } from '../workflow/index.js';
import { Cases } from './store.js';
import type { CaseDoc } from './words.js';

export interface SameReporter {
  /** The signed-in customer. */
  readonly customerId?: string | undefined;
  /** An anonymous reporter, by the keyed hash of their contact. */
  readonly contactHash?: string | undefined;
}

/**
 * Finds the open case that a further report of the same loss belongs to: same kind, and the same customer or the same
 * anonymous contact. The account does not decide: a stranger who reports somebody's account must never share the owner's
 * case.
 */
export async function findOpenCase(
  where: Where,
  { kind, ...reporter }: SameReporter & { kind: IncidentKind },
): Promise<CaseDoc | null> {
  const openKey = openKeyOf(kind, reporter);
  if (openKey === undefined) return null;
  return Cases(where).findOne({ openKey }, null, inside(where)).lean<CaseDoc>().exec();
}

/** One open case per kind and reporter; reporters who cannot be recognised have none. */
export function openKeyOf(kind: IncidentKind, { customerId, contactHash }: SameReporter): string | undefined {
  if (customerId !== undefined) return `${kind} ${customerId}`;
  return contactHash === undefined ? undefined : `${kind} contact ${contactHash}`;
}
