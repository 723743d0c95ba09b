import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '../kernel/actor.js';
import type { SimulatorAdmin } from '../simulator/index.js';
import { Caller } from './caller.js';
import { runProcess } from './start-process.js';

/** Somebody of the demonstration: how they sign in, and a caller that is signed in already. */
export interface Player {
  readonly role: string;
  readonly email: string;
  readonly password: string;
  readonly caller: Caller;
}

export interface Cast {
  readonly customer: Player;
  readonly agent: Player;
  /** Three, because who verifies an identity must not propose the release, and each code works once. */
  readonly analysts: readonly [Player, Player, Player];
  readonly approver: Player;
  readonly compliance: Player;
  readonly admin: Player;
}

export interface Stage {
  readonly baseUrl: string;
  readonly dataDir: string;
  /** The environment the web process runs with, for commands beside it. */
  readonly env: Readonly<Record<string, string>>;
  readonly exchange: SimulatorAdmin;
}

const newPassword = (): string => randomBytes(15).toString('base64url');

/** Staff come by invitation, with two factors; the customer registers, links the account at the exchange, and enrols. */
export async function gatherCast(stage: Stage): Promise<Cast> {
  const [admin, agent, documents, callbacks, proposer, approver, compliance] = await Promise.all([
    invite(stage, 'admin', 'admin@firebreak.example'),
    invite(stage, 'agent', 'agent@firebreak.example'),
    invite(stage, 'analyst', 'analyst.documents@firebreak.example'),
    invite(stage, 'analyst', 'analyst.callbacks@firebreak.example'),
    invite(stage, 'analyst', 'analyst.releases@firebreak.example'),
    invite(stage, 'approver', 'approver@firebreak.example'),
    invite(stage, 'compliance', 'compliance@firebreak.example'),
  ]);
  const customer = await register(stage, 'customer@mail.example');
  return { customer, agent, analysts: [documents, callbacks, proposer], approver, compliance, admin };
}

async function invite({ baseUrl, env }: Stage, role: Role, email: string): Promise<Player> {
  const out = await runProcess(
    'cli.js',
    ['people', 'add', '--email', email, '--role', role, '--locale', 'en', '--json'],
    env,
  );
  const { setupLink } = JSON.parse(out) as { setupLink: string };
  return setUp(new Caller(baseUrl, role), email, setupLink.split('#')[1] as string);
}

/** What an invited person does first: chooses a password, signs in, and, after `before`, sets up an authenticator. */
export async function setUp(
  caller: Caller,
  email: string,
  setupToken: string,
  before: (password: string) => Promise<unknown> = async () => undefined,
): Promise<Player> {
  const password = newPassword();
  await caller.ask('POST', '/api/setup', { token: setupToken, password });
  await caller.signIn(email, password);
  await before(password);
  await caller.enrol(password);
  return { role: caller.name, email, password, caller };
}

async function register({ baseUrl, dataDir, exchange }: Stage, email: string): Promise<Player> {
  const caller = new Caller(baseUrl, 'customer');
  const password = newPassword();
  await caller.ask('POST', '/api/registrations', { email, password, locale: 'zh-CN' });
  const token = await tokenFromMail(join(dataDir, 'outbox'), 'confirm-address');
  await caller.ask('POST', '/api/registrations/confirmations', { token, password });
  await caller.signIn(email, password);
  await haveAccount(caller, { email, password }, exchange);
  await caller.enrol(password);
  return { role: 'customer', email, password, caller };
}

/** Gives a customer an account at the exchange, links it here, and a telephone number, as long as the password is enough for that. */
export async function haveAccount(
  customer: Caller,
  { email, password }: { email: string; password: string },
  exchange: SimulatorAdmin,
): Promise<string> {
  const { accountId } = await exchange.openAccount({ email, sample: true });
  const { code } = await exchange.issueLinkCode(accountId);
  await customer.ask('POST', '/api/account/link', { linkCode: code });
  await customer.ask('POST', '/api/me/contact-points', { kind: 'phone', value: '+8613800138000', password });
  return accountId;
}

/** The secret of the link in the newest mail of a template, once it was written. */
async function tokenFromMail(outbox: string, template: string): Promise<string> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const names = (await readdir(outbox).catch(() => [])).filter((name) => name.endsWith(`${template}.eml`)).toSorted();
    const newest = names.at(-1);
    if (newest) {
      const mail = (await readFile(join(outbox, newest), 'utf8')).replace(/=\r?\n/g, '').replaceAll('=3D', '=');
      const token = /#([\w-]{43})/.exec(decoded(mail))?.[1];
      if (token) return token;
    }
    if (Date.now() > deadline) throw new Error(`no mail of ${template} in ${outbox}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Parts of a mail in base64 made readable; the rest as it is. */
const decoded = (mail: string): string =>
  mail.replace(/\r?\n\r?\n([A-Za-z0-9+/=\r\n]{40,})/g, (_, text: string) =>
    Buffer.from(text, 'base64').toString('utf8'),
  );
