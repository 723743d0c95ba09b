import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import type { Done, HashingWork, Manner, Running } from './hashing.js';

/** Hashes passwords one after another, and lets everybody else go first. */
const YIELDING = 5; // nice value: a third of the weight of others, so that a busy neighbour does not starve it either

/**
 * Linux runs what is in its class SCHED_IDLE only while no other thread wants the core, and takes the core away the moment one does.
 * A thread that may enter it may not leave it again (sched(7)). Node cannot ask for it, the chrt of util-linux can.
 */
function enterIdleClass(): boolean {
  const threadId = basename(readlinkSync('/proc/thread-self'));
  return spawnSync('chrt', ['--idle', '--pid', '0', threadId], { stdio: 'ignore', timeout: 5_000 }).status === 0;
}

function runAs(manner: Manner): Manner {
  if (process.platform !== 'linux') return 'yielding'; // a priority would be the whole process's there
  setPriority(YIELDING);
  return manner === 'unseen' && enterIdleClass() ? 'unseen' : 'yielding';
}

parentPort?.postMessage({ as: runAs(workerData as Manner) } satisfies Running);

parentPort?.on('message', ({ password, cost, against }: HashingWork) => {
  const answer = (): Done => {
    try {
      return { result: against === undefined ? hashSync(password, cost) : verifySync(against, password) };
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) };
    }
  };
  parentPort?.postMessage(answer());
});
