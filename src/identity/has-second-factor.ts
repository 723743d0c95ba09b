import type { Person } from './words.js';

/** Whether there is anything to re-verify with. */
export const hasSecondFactor = (person: Pick<Person, 'totp'>): boolean => person.totp !== undefined;
