// Separation of duties: what no role decides, because the same person must not do both. Read as sentences.

/** Who had a hand in proving the owner of an account, and who proposed to release it. */
export interface Hands {
  readonly verifiers: ReadonlySet<string>;
  readonly proposer?: string;
}

/** Who verified does not propose. */
export const proposingClash = (personId: string, { verifiers }: Hands): 'own_verification' | null =>
  verifiers.has(personId) ? 'own_verification' : null;

/** Who proposed does not approve; nor does who verified; and a proposer who verified since has spoilt the proposal. */
export function approvingClash(
  personId: string,
  { verifiers, proposer }: Hands,
): 'own_proposal' | 'own_verification' | null {
  if (proposer === personId) return 'own_proposal';
  if (verifiers.has(personId) || (proposer !== undefined && verifiers.has(proposer))) return 'own_verification';
  return null;
}

/** Nobody decides about their own roles, suspension or factors. */
export const mayManage = (actorId: string, personId: string): boolean => actorId !== personId;

/** Nobody works on a case of their own: neither as its customer nor as the owner of the account it is about. */
export const isOwnCase = (
  personId: string,
  { customerId, ownerId }: { readonly customerId?: string | undefined; readonly ownerId?: string | undefined },
): boolean => customerId === personId || ownerId === personId;
