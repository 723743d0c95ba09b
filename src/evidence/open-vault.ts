import { fileURLToPath } from 'node:url';
import type { Config } from '../kernel/config.js';
import type { Secrets } from '../kernel/secrets.js';
import type { Transact } from '../kernel/transact.js';
import { openLocalObjects } from './local-objects.js';
import { masterKeys } from './master-keys.js';
import type { ObjectStore } from './object-store.js';
import { Vault } from './vault.js';

/** The store that EVIDENCE_URL names, or another address of that form; `UPLOADS_DIR` without one. */
export async function openObjects(
  config: Config,
  _secrets: Secrets,
  url: string | undefined = config.evidence.url,
): Promise<ObjectStore> {
  return openLocalObjects(url === undefined ? config.uploadsDir : fileURLToPath(url));
}

export const makeVault = (
  store: ObjectStore,
  { config, secrets, transact }: { config: Config; secrets: Secrets; transact: Transact },
): Vault => new Vault({ store, keys: masterKeys(secrets.evidenceKeys, config.evidence), transact });
