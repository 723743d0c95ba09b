import type { Config } from '../../kernel/config.js';
import type { Secrets } from '../../kernel/secrets.js';
import { fileDrop } from './file-drop.js';
import { objectLock } from './object-lock.js';
import type { Outlet } from './outlet.js';
import { tlogWitness } from './tlog-witness.js';
import { webhook } from './webhook.js';

/** Everybody outside that the configuration names. */
export function outletsOf(
  { audit }: Pick<Config, 'audit'>,
  { auditStoreKey }: Pick<Secrets, 'auditStoreKey'>,
): Outlet[] {
  const credentials = auditStoreKey && { accessKeyId: auditStoreKey.id, secretAccessKey: auditStoreKey.secret };
  return [
    ...(audit.dropDir ? [fileDrop(audit.dropDir)] : []),
    ...(audit.s3Url ? [objectLock({ url: audit.s3Url, days: audit.s3Days, credentials })] : []),
    ...(audit.webhookUrl ? [webhook(audit.webhookUrl)] : []),
    ...audit.witnesses.map(({ key, url }) => tlogWitness(key, url)),
  ];
}
