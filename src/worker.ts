import { Context } from './context.js';
import { ConfigError, readConfig } from './kernel/config.js';
import { beFrugal } from './kernel/frugal.js';
import { stopOnSignal } from './kernel/lifecycle.js';
import { readSecrets } from './kernel/secrets.js';

/** The worker process: the same context without routes; works off the outbox and what comes back by the clock. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const ctx = await Context.fromConfig(config, readSecrets(config, process.env));
  ctx.startWorking({ alone: true });
  stopOnSignal(
    async () => {
      ctx.beginToStop();
      await ctx.stopWorking();
      await ctx.close();
    },
    ctx.logger,
    config.http.shutdownMs,
  );
  beFrugal();
  process.stdout.write('working\n');
}

main().catch((error: unknown) => {
  process.stderr.write(
    error instanceof ConfigError ? `configuration: ${error.message}\n` : `cannot start: ${String(error)}\n`,
  );
  process.exit(1);
});
