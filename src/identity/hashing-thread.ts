import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { Done, HashingWork } from './hashing.js';

/** Hashes passwords one after another, and lets everybody else go first. */
const YIELDING = 5; // nice value: a third of the weight of others, so that a busy neighbour does not starve it either

// On Linux this is the priority of this thread; elsewhere it would be the whole process's.
if (process.platform === 'linux') setPriority(YIELDING);

parentPort?.on('message', ({ id, password, cost, against }: HashingWork) => {
  const answer = (): Done => {
    try {
      return { id, result: against === undefined ? hashSync(password, cost) : verifySync(against, password) };
    } catch (error) {
      return { id, failed: error instanceof Error ? error.message : String(error) };
    }
  };
  parentPort?.postMessage(answer());
});
