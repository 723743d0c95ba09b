import type { Person, ProofMethod } from './words.js';

type Factors = Pick<Person, 'totp' | 'passkeys' | 'recovery'>;

/** Whether there is anything to re-verify with. Recovery codes alone are nothing: they stand in for a factor. */
export const hasSecondFactor = ({ totp, passkeys }: Pick<Factors, 'totp' | 'passkeys'>): boolean =>
  totp !== undefined || (passkeys ?? []).length > 0;

/** What the person can show now, the best first: a passkey cannot be phished, and a recovery code is for when all is lost. */
export const methodsOf = (person: Factors): ProofMethod[] => [
  ...((person.passkeys ?? []).length > 0 ? (['passkey'] as const) : []),
  ...(person.totp ? (['totp'] as const) : []),
  ...(hasSecondFactor(person) && (person.recovery?.hashes ?? []).length > 0 ? (['recovery-code'] as const) : []),
];
