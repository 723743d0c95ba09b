import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import autocannon from 'autocannon';
import { startProcess } from '../demo/start-process.js';
import { median, temporaryFolder } from './measure.js';

const CONNECTIONS = 16;
const ROUND_SECONDS = 4;
const ROUNDS = 5;

const hash = () => randomBytes(32).toString('hex');

/**
 * A report as a stranger sends it; every one of another person and another loss. With a transaction hash it is looked for
 * among earlier reports; without, nothing has to be read.
 */
export const reportBody = (withHash = false): string =>
  JSON.stringify({
    kind: 'unauthorized_withdrawal',
    occurredAt: '2026-11-20T08:30:00Z',
    where: { channel: 'app' },
    whatHappened: 'Somebody withdrew all of my coins while I was asleep. I did not share my code with anybody.',
    losses: [{ asset: 'BTC', amount: '1.50000000' }],
    transactionHashes: withHash ? [hash()] : [],
    contact: { email: `${hash().slice(0, 12)}@example.com` },
    language: 'en',
  });

/** Requests per second of a process while `CONNECTIONS` clients send reports one after another. */
async function load(url: string, path: string, seconds: number, withHash = false): Promise<number> {
  const result = await autocannon({
    url: `${url}${path}`,
    method: 'POST',
    connections: CONNECTIONS,
    duration: seconds,
    headers: { 'content-type': 'application/json' },
    setupClient: (client) => client.setBody(reportBody(withHash)),
    requests: [{ setupRequest: (request) => ({ ...request, body: reportBody(withHash) }) }],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${path}: ${result.non2xx} refused, ${result.errors} failed`);
  return result['2xx'] / result.duration;
}

/** Sends so many reports, each of another person, several at a time. */
export async function sendReports(url: string, reports: number): Promise<void> {
  let left = reports;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const answer = await fetch(`${url}/api/reports`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: reportBody(),
      });
      if (answer.status !== 201) throw new Error(`a report was answered ${answer.status}`);
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, client));
}

export const OPEN_LIMITS = {
  LOG_LEVEL: 'warn',
  REQUESTS_PER_MINUTE: '1000000',
  ANONYMOUS_REPORTS_PER_HOUR: '1000000',
  REPORTS_PER_HOUR: '1000000',
  ATTEMPTS_PER_MINUTE: '100000',
};

/**
 * Report intake (transaction, audit, outbox) against a bare Express + mongoose insert on the same kind of store, both running,
 * loaded in turn, so that a noisy machine is noisy for both. The outbox is filled here and worked off elsewhere, as at scale.
 */
export async function benchIntake() {
  const folders = [await temporaryFolder(), await temporaryFolder()] as const;
  const store: Record<string, string> = process.env['MONGODB_URI'] ? { MONGODB_URI: process.env['MONGODB_URI'] } : {};
  const bare = await startProcess('bench/bare.js', /listening on (\S+)/, { env: { DATA_DIR: folders[0], ...store } });
  const product = await startProcess('main.js', /listening on (\S+)/, {
    env: {
      DATA_DIR: folders[1],
      PORT: '0',
      DB_NAME: 'firebreak_bench',
      JOB_CONCURRENCY: '0',
      ...OPEN_LIMITS,
      ...store,
    },
  });
  try {
    const bareUrl = bare.match[1] as string;
    const productUrl = product.match[1] as string;
    await load(bareUrl, '/reports', 2);
    await load(productUrl, '/api/reports', 2);
    const rounds: { bare: number; product: number; lookedFor: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({
        bare: await load(bareUrl, '/reports', ROUND_SECONDS),
        product: await load(productUrl, '/api/reports', ROUND_SECONDS),
        lookedFor: await load(productUrl, '/api/reports', ROUND_SECONDS, true),
      });
    }
    return {
      bareRequestsPerSecond: Math.round(median(rounds.map((round) => round.bare))),
      productRequestsPerSecond: Math.round(median(rounds.map((round) => round.product))),
      ratio: Number(median(rounds.map((round) => round.product / round.bare)).toFixed(3)),
      atLeast: 0.5,
      ratioWithTransactionHash: Number(median(rounds.map((round) => round.lookedFor / round.bare)).toFixed(3)),
    };
  } finally {
    await Promise.all([bare.stop(), product.stop()]);
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}
