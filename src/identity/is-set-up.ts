import { trusted } from 'mongoose';
import { inside, type Where } from '../kernel/mongo.js';
import { SsoLinks } from './sso/words.js';
import type { Person } from './words.js';

type Known = Pick<Person, '_id' | 'passwordHash'>;

/** Who of these people has finished the set-up: with a password, or through a provider in place of one. */
export async function whoIsSetUp(where: Where, people: readonly Known[]): Promise<ReadonlySet<string>> {
  const without = people.filter(({ passwordHash }) => passwordHash === undefined).map(({ _id }) => _id);
  const links = await SsoLinks(where)
    .find({ personId: trusted({ $in: without }) }, { personId: 1 }, inside(where))
    .lean<{ personId: string }[]>()
    .exec();
  const linked = new Set(links.map(({ personId }) => personId));
  return new Set(people.filter(({ _id, passwordHash }) => passwordHash || linked.has(_id)).map(({ _id }) => _id));
}

export const isSetUp = async (where: Where, person: Known): Promise<boolean> =>
  (await whoIsSetUp(where, [person])).has(person._id);
