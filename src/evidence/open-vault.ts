import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, ConfigError } from '../kernel/config.js';
import type { Secrets } from '../kernel/secrets.js';
import type { Transact } from '../kernel/transact.js';
import { openLocalObjects } from './local-objects.js';
import { masterKeys } from './master-keys.js';
import type { ObjectStore } from './object-store.js';
import { openS3Objects, type S3Place } from './s3-objects.js';
import { Vault } from './vault.js';

/**
 * The store that EVIDENCE_URL names, or another address of that form; `UPLOADS_DIR` without one.
 * @throws ConfigError when the address does not fit
 */
export async function openObjects(
  config: Config,
  secrets: Secrets,
  url: string | undefined = config.evidence.url,
): Promise<ObjectStore> {
  if (url === undefined) return openLocalObjects(config.uploadsDir);
  if (!URL.canParse(url)) throw new ConfigError('EVIDENCE_URL is no address');
  const { protocol } = new URL(url);
  if (protocol === 'file:') return openLocalObjects(fileURLToPath(url));
  if (protocol !== 's3:') throw new ConfigError('EVIDENCE_URL must be file: or s3:');
  return openS3Objects(s3Place(new URL(url), config, secrets));
}

const OPTIONS = new Set(['region', 'endpoint', 'pathStyle']);

function s3Place({ hostname, pathname, searchParams }: URL, config: Config, { s3Key }: Secrets): S3Place {
  const strange = [...searchParams.keys()].find((name) => !OPTIONS.has(name));
  if (strange !== undefined) throw new ConfigError('EVIDENCE_URL has an option that is not known');
  const endpoint = searchParams.get('endpoint');
  const folder = pathname.replaceAll(/^\/+|\/+$/g, '');
  return {
    bucket: hostname,
    prefix: folder === '' ? '' : `${folder}/`,
    spoolDir: join(config.uploadsDir, 'incoming'),
    client: {
      region: searchParams.get('region') ?? 'us-east-1',
      ...(endpoint === null ? {} : { endpoint }),
      forcePathStyle: searchParams.get('pathStyle') === 'true',
      ...(s3Key === undefined ? {} : { credentials: { accessKeyId: s3Key.id, secretAccessKey: s3Key.secret } }),
    },
  };
}

export const makeVault = (
  store: ObjectStore,
  { config, secrets, transact }: { config: Config; secrets: Secrets; transact: Transact },
): Vault => new Vault({ store, keys: masterKeys(secrets.evidenceKeys, config.evidence), transact });
