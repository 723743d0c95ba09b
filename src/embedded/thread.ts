import { parentPort, workerData } from 'node:worker_threads';
import { StoreLocked } from './folder-lock.js';
import { serve } from './server.js';
import type { Told } from './start-store.js';

/** The store's own thread: serves until it is told to close. */
const port = parentPort!;
try {
  const served = await serve(workerData);
  port.once('message', async () => {
    await served.close();
    process.exit(0);
  });
  port.postMessage({ uri: served.uri } satisfies Told);
} catch (error) {
  const failed = error instanceof Error ? error.message : String(error);
  const locked =
    error instanceof StoreLocked ? { folder: workerData.dataDir, pid: error.pid, uri: error.uri } : undefined;
  port.postMessage({ failed, ...(locked ? { locked } : {}) } satisfies Told);
}
