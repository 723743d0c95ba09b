import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeApp } from './app.js';
import { auditTiles } from './audit/index.js';
import { Context } from './context.js';
import { apiDocs } from './kernel/api-docs.js';
import { type Config, ConfigError, readConfig } from './kernel/config.js';
import { beFrugal } from './kernel/frugal.js';
import { closeServer, stopOnSignal } from './kernel/lifecycle.js';
import { readSecrets } from './kernel/secrets.js';
import { doors } from './pages.js';
import { apiDocument, routes } from './routes.js';
import { verifyPage } from './verify-page.js';

/** The web process. Prints where it listens once it can serve. */
async function main(): Promise<void> {
  const given = readConfig(process.env);
  const secrets = readSecrets(given, process.env);
  const server = createServer((_request, response) => response.writeHead(503, { 'Retry-After': '1' }).end());
  const config = await listen(server, given);
  const ctx = await Context.fromConfig(config, secrets);
  server.removeAllListeners('request');
  server.on('request', makeApp<Context>(ctx, routes, [apiDocs(apiDocument), verifyPage(), auditTiles(ctx), doors()]));
  server.requestTimeout = 600_000; // ten screenshots over a bad line
  server.headersTimeout = 10_000;
  server.keepAliveTimeout = 75_000; // longer than proxies keep theirs, mostly 60 s: who closes first must not be we
  server.timeout = 120_000; // a reader that stalls in the middle of a download
  ctx.startWorking({ alone: false });

  stopOnSignal(
    async () => {
      ctx.beginToStop();
      await Promise.all([closeServer(server, config.http.shutdownMs), ctx.stopWorking()]);
      await ctx.close();
    },
    ctx.logger,
    config.http.shutdownMs,
  );
  if (!config.exchange.url) ctx.logger.warn('no EXCHANGE_URL: a freeze stays unconfirmed');
  beFrugal();
  process.stdout.write(`listening on http://${config.http.host}:${config.http.port}\n`);
}

/** With PORT=0 the port, and with it the base of links, is known only now. */
async function listen(server: Server, config: Config): Promise<Config> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.http.port, config.http.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const baseUrl = config.http.baseUrl ?? `http://${config.http.host}:${port}`;
  return Object.freeze({ ...config, http: { ...config.http, port, baseUrl } });
}

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof ConfigError ? `configuration: ${error.message}\n` : `cannot start: ${describe(error)}\n`,
  );
  process.exit(1);
});

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
