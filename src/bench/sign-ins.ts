import { setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { call } from './client.js';

/** Signs people in at a steady pace in a thread, from one word to the other. */
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

/** So many a second while it goes on, whether those before are answered or not: who waits is counted as waiting. */
export async function paced(
  perSecond: number,
  goesOn: () => boolean,
  work: (n: number) => Promise<void>,
): Promise<void> {
  const running: Promise<void>[] = [];
  for (let n = 0; goesOn(); n += 1) {
    running.push(work(n));
    await new Promise((resolve) => setTimeout(resolve, 1_000 / perSecond));
  }
  await Promise.all(running);
}

/** What the thread is told, and says when it has done so. */
export type Word = 'begin' | 'end';

function signIn({ url, accounts, signInsPerSecond }: SignIns, port: MessagePort): void {
  const one = async (n: number) => {
    const { email, password } = accounts[n % accounts.length] as Account;
    await call(`${url}/api/sessions`, { method: 'POST', body: { email, password } });
  };
  let going: Promise<void> = Promise.resolve();
  let told: Word = 'end';
  port.on('message', async (word: Word) => {
    told = word;
    if (word === 'begin') going = paced(signInsPerSecond, () => told === 'begin', one);
    else await going;
    port.postMessage(word);
  });
}

const LAST_IN_LINE = 19; // nice value
if (parentPort) {
  // Whoever signs in sits at another machine: what that costs here must not be taken from the one that is measured.
  if (process.platform === 'linux') setPriority(LAST_IN_LINE); // of this thread alone
  signIn(workerData, parentPort);
}
