import type { AddressInfo } from 'node:net';
import express, { type ErrorRequestHandler } from 'express';
import { adminApi } from './admin-api.js';
import { openExchange } from './exchange.js';
import { noJournal, openJournal } from './journal.js';
import { problemOf, Refusal } from './refusal.js';
import { nonceMemory } from './request-signature.js';
import { signedApi } from './signed-api.js';

/** Name of the one key the simulator knows. */
export const DEFAULT_KEY_ID = 'firebreak';

/** HMAC keys shorter than the hash are easier to guess than the hash. Source: RFC 2104, section 3. */
export const SHORTEST_SECRET_BYTES = 32;

export interface SimulatorOptions {
  /** 0 or absent takes a free one. */
  port?: number;
  host?: string;
  /** Shared with the client that signs; at least 32 bytes. */
  secret: Uint8Array;
  keyId?: string;
  /** Folder of the journal; without it the exchange forgets everything when it ends. */
  dataDir?: string;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  /** Ends every connection, answered or not, and closes the journal. */
  stop(): Promise<void>;
}

/** Starts a small exchange on its own HTTP server; resolves when it listens. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { port = 0, host = '127.0.0.1', secret, keyId = DEFAULT_KEY_ID, dataDir } = options;
  if (secret.length < SHORTEST_SECRET_BYTES)
    throw new Error(`the secret has fewer than ${SHORTEST_SECRET_BYTES} bytes`);
  const exchange = openExchange(secret, (replay) => (dataDir ? openJournal(dataDir, replay) : noJournal));
  const check = { keyId, secret, now: exchange.now, freshNonce: nonceMemory(exchange.now) };
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  app.use('/v1', signedApi(exchange, check));
  app.use('/admin', adminApi(exchange));
  app.use(() => {
    throw new Refusal('nothing_here');
  });
  app.use(answerRefusal);
  const server = app.listen(port, host);
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${taken}`,
    port: taken,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      exchange.close();
    },
  };
}

// Express knows an error handler by its four parameters.
const answerRefusal: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  const refusal = error instanceof Refusal ? error : new Refusal(isClientError(error) ? 'invalid_request' : 'internal');
  response.status(refusal.status).type('application/problem+json').json(problemOf(refusal));
};

const isClientError = (error: unknown): boolean => {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500;
};
