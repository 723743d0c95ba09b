import { trusted } from 'mongoose';
import type { Kernel } from '../../kernel/route.js';
import { identityProblem } from '../problems.js';
import { SecurityChanges } from '../security-change.js';
import { readPerson, Sessions } from '../store.js';
import type { Session } from '../words.js';
import type { OwnFacts } from './own-items.js';

const MOST_SESSIONS = 200;

/** Gathers what the check-up looks at. @throws Problem `person_not_found` */
export async function ownFacts(
  { db, clock, config }: Pick<Kernel, 'db' | 'clock' | 'config'>,
  personId: string,
): Promise<OwnFacts> {
  const now = clock.now();
  const person = await readPerson(db, personId);
  if (!person) throw identityProblem('person_not_found');
  const sessions = await Sessions(db)
    .find({ personId, endedAt: trusted({ $exists: false }), endsAt: trusted({ $gt: now }) }, { usedAt: 1 })
    .limit(MOST_SESSIONS)
    .lean<Pick<Session, 'usedAt'>[]>()
    .exec();
  const newest = async (filter: object, by: 'disownedAt' | 'at') =>
    (await SecurityChanges(db).collection.findOne({ personId, ...filter }, { sort: { [by]: -1 } }))?.[by];
  return {
    person,
    sessions,
    disownedAt: await newest({ disownedAt: { $exists: true } }, 'disownedAt'),
    passwordChangedAt: await newest({ kind: 'password-changed', disownedAt: { $exists: false } }, 'at'),
    now,
    factorAgeDays: config.identity.factorAgeDays,
  };
}
