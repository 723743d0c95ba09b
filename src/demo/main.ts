import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simulatorAdmin } from '../simulator/index.js';
import { type Cast, gatherCast, type Player } from './people.js';
import { Scene } from './scene.js';
import { type Started, startProcess } from './start-process.js';
import { playStory, type Told } from './story.js';

const USAGE = `Usage: npm run demo -- [--once]

Starts Firebreak on its embedded store, and a small exchange, plays the main job through HTTP, prints a line per step, and
stays up until Ctrl-C. --once ends after the story: exit 0 only if every step held, one JSON object as the last line.
State is kept in DATA_DIR, or in a fresh folder that goes with the demonstration.`;

/** So that the story does not take eight days. The product's own defaults: 24 h, and 7 days. */
const COOLING_OFF_SECONDS = 3;
const FACTOR_AGE_DAYS = 0;

const { values } = parseArgs({
  options: { once: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const started: Started[] = [];
let ownFolder: string | undefined;
let ending: Promise<void> | undefined;

async function demo(): Promise<void> {
  if (!process.env['DATA_DIR']) ownFolder = await mkdtemp(join(tmpdir(), 'firebreak-demo-'));
  const dataDir = ownFolder ?? (process.env['DATA_DIR'] as string);
  await mkdir(dataDir, { recursive: true });
  const played = (await readdir(dataDir)).includes('store');
  const exchangeKey = randomBytes(32).toString('base64');

  say('Starting an exchange, and Firebreak on its embedded store …');
  const simulator = await start('simulator/main.js', /listening on (\S+)/, { EXCHANGE_KEY: exchangeKey }, [
    '--data',
    join(dataDir, 'exchange'),
  ]);
  const exchangeUrl = simulator.match[1] as string;
  const env = {
    DATA_DIR: dataDir,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    EXCHANGE_URL: exchangeUrl,
    EXCHANGE_KEY: exchangeKey,
    RELEASE_COOLING_OFF_HOURS: String(COOLING_OFF_SECONDS / 3_600),
    FACTOR_AGE_DAYS: String(FACTOR_AGE_DAYS),
    ATTEMPTS_PER_MINUTE: '1000',
  };
  const web = await start('main.js', /listening on (\S+)/, {
    ...env,
    PORT: process.env['PORT'] ?? (values.once ? '0' : '8080'),
  });
  const baseUrl = web.match[1] as string;
  const exchange = simulatorAdmin(exchangeUrl);

  say('Gathering people of every role, each with an authenticator …');
  const tag = played ? `.${Date.now().toString(36)}` : '';
  const cast = await gatherCast({ baseUrl, dataDir, env: { ...env, BASE_URL: baseUrl }, exchange, tag });
  say(`The story. A code works once, so the next one is waited for. So that nobody waits for days, the cooling-off time is
${COOLING_OFF_SECONDS} s here (24 h by default) and factors and contact points count at once (after 7 days by default).\n`);
  const told = await playStory(new Scene(cast, exchange), {
    after: (_step, { name, ms }) => say(`  ${String(ms).padStart(6)} ms  ${name}`),
  });
  say(
    `\nFrom the report to the exchange's confirmed freeze: ${told.reportToFreezeMs} ms. Case ${told.case} is closed.`,
  );
  if (values.once) {
    await end();
    const { case: number, reportToFreezeMs, steps, auditEvents } = told;
    console.log(JSON.stringify({ ok: true, case: number, reportToFreezeMs, steps, auditEvents }));
    return;
  }
  sayWhereToLook(baseUrl, exchangeUrl, dataDir, cast, told);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
  await Promise.race(started.map(({ exited }) => exited));
  await end();
}

async function start(
  entry: string,
  ready: RegExp,
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<Started> {
  const process = await startProcess(entry, ready, { env, args });
  started.push(process);
  return process;
}

/** Ends what was started, the product before its exchange, and removes what was made for this run alone. */
function end(): Promise<void> {
  ending ??= (async () => {
    for (const process of started.toReversed()) await process.stop();
    if (ownFolder) await rm(ownFolder, { recursive: true, force: true });
  })();
  return ending;
}

function sayWhereToLook(baseUrl: string, exchangeUrl: string, dataDir: string, cast: Cast, told: Told): void {
  const people = [cast.customer, cast.agent, ...cast.analysts, cast.approver, cast.compliance, cast.admin];
  const line = ({ role, email, password, caller }: Player) =>
    `  ${role.padEnd(11)} ${email.padEnd(36)} ${password}  TOTP ${caller.totpSecret}`;
  say(`
Where to look
  Customers       ${baseUrl}/            report, freeze, follow; ${baseUrl}/security
  Staff           ${baseUrl}/desk        cases; ${baseUrl}/admin for people, workflows and keys
  Compliance      ${baseUrl}/compliance  the audit log; ${baseUrl}/verify checks what was exported, in the browser alone
  API reference   ${baseUrl}/api/docs
  The exchange    ${exchangeUrl}/admin/ledger
  Mails           ${join(dataDir, 'outbox')}
  Tracking link   ${told.trackingLink}

Who to sign in as, at ${baseUrl}/sign-in (made for this start; add the TOTP secret to an authenticator)
${people.map(line).join('\n')}

Ctrl-C ends it.`);
}

const say = (line: string): void => {
  console.log(line);
};

if (values.help) console.log(USAGE);
else
  demo().catch(async (error: unknown) => {
    say(`\nIt did not hold: ${error instanceof Error ? error.message : String(error)}`);
    for (const { log } of started) for (const line of log.slice(-20)) say(`  ${line}`);
    await end();
    if (values.once)
      console.log(JSON.stringify({ ok: false, error: error instanceof Error ? error.message : String(error) }));
    process.exit(1); // what was begun beside the step that failed keeps nobody waiting
  });
