import type { Kernel } from '../../kernel/route.js';
import type { Person } from '../words.js';
import { isFor } from './link-sso.js';
import { listSsoLinks } from './words.js';

/** Whether a provider can answer a challenge of this person: they are linked, and it is known how it says "two factors". */
export async function canReverifyBySso(
  { db, config }: Pick<Kernel, 'db' | 'config'>,
  person: Person,
): Promise<boolean> {
  const links = await listSsoLinks(db, person._id);
  return links.some(({ provider }) => isFor(person, provider) && (config.sso[provider]?.strong ?? []).length > 0);
}
