import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { call } from './client.js';

/** Signs people in at a steady pace in a thread, until it is told that it is enough. */
export interface SignIns {
  readonly url: string;
  readonly accounts: readonly Account[];
  readonly signInsPerSecond: number;
}

export interface Account {
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

/** So many a second for so long, whether those before are answered or not: who waits is counted as waiting. */
export async function paced(perSecond: number, forMs: number, work: (n: number) => Promise<void>): Promise<void> {
  const until = performance.now() + forMs;
  const running: Promise<void>[] = [];
  for (let n = 0; performance.now() < until; n += 1) {
    running.push(work(n));
    await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
  }
  await Promise.all(running);
}

async function signIn({ url, accounts, signInsPerSecond }: SignIns): Promise<void> {
  const one = async (n: number) => {
    const { email, password } = accounts[n % accounts.length] as Account;
    await call(`${url}/api/sessions`, { method: 'POST', body: { email, password } });
  };
  await one(0);
  parentPort?.once('message', () => process.exit());
  parentPort?.postMessage('signing in');
  await paced(signInsPerSecond, Number.POSITIVE_INFINITY, one);
}

if (!isMainThread) await signIn(workerData);
