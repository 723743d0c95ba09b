import { randomBytes } from 'node:crypto';
import { readConfig } from '../kernel/config.js';
import { openDb } from '../kernel/mongo.js';
import { readSecrets } from '../kernel/secrets.js';
import { OPEN_LIMITS } from './intake.js';

/** Configuration of a bench on a store of its own; `dispose` takes its database away where the store stays. */
export function configOf(folder: string) {
  const uri = process.env['MONGODB_URI'];
  const env = {
    ...OPEN_LIMITS,
    LOG_LEVEL: 'error',
    DATA_DIR: folder,
    BASE_URL: 'http://127.0.0.1',
    DB_NAME: `bench_${randomBytes(6).toString('hex')}`,
    ...(uri ? { MONGODB_URI: uri } : {}),
  };
  const config = readConfig(env);
  return {
    config,
    secrets: readSecrets(config, env),
    dispose: async () => {
      if (!uri) return;
      const { connection } = await openDb(uri, config.dbName);
      await connection.dropDatabase();
      await connection.close();
    },
  };
}
