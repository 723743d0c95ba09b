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
  /** Stands in every address, so that people of an earlier demonstration in the same folder keep theirs; mostly empty. */
  readonly tag: string;
}

const newPassword = (): string => randomBytes(15).toString('base64url');

/** Staff come by invitation, with two factors; the customer registers, links the account at the exchange, and enrols. */
export async function gatherCast(stage: Stage): Promise<Cast> {
  const at = (name: string) => `${name}${stage.tag}@firebreak.example`;
  const [admin, agent, documents, callbacks, proposer, approver, compliance] = await Promise.all([
    invite(stage, 'admin', at('admin')),
    invite(stage, 'agent', at('agent')),
    invite(stage, 'analyst', at('analyst.documents')),
    invite(stage, 'analyst', at('analyst.callbacks')),
    invite(stage, 'analyst', at('analyst.releases')),
    invite(stage, 'approver', at('approver')),
    invite(stage, 'compliance', at('compliance')),
  ]);
  const customer = await register(stage, `customer${stage.tag}@mail.example`);
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
  const outbox = join(dataDir, 'outbox');
  const before = await confirmations(outbox);
  await caller.ask('POST', '/api/registrations', { email, password, locale: 'zh-CN' });
  const token = await tokenFromMail(outbox, before);
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

const MAIL_WITHIN_MS = 60_000; // a machine under load takes seconds

/** The mails that ask to confirm an address. */
const confirmations = async (outbox: string): Promise<readonly string[]> =>
  (await readdir(outbox).catch(() => [])).filter((name) => name.endsWith('confirm-address.eml'));

/** The secret of the link in the first confirmation that was not there before, once it was written. */
async function tokenFromMail(outbox: string, before: readonly string[]): Promise<string> {
  const deadline = Date.now() + MAIL_WITHIN_MS;
  for (;;) {
    const name = (await confirmations(outbox)).find((one) => !before.includes(one));
    if (name) {
      const mail = (await readFile(join(outbox, name), 'utf8')).replace(/=\r?\n/g, '').replaceAll('=3D', '=');
      const token = /#([\w-]{43})/.exec(decoded(mail))?.[1];
      if (token) return token;
    }
    if (Date.now() > deadline) throw new Error(`no mail to confirm an address in ${outbox}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Parts of a mail in base64 made readable; the rest as it is. */
const decoded = (mail: string): string =>
  mail.replace(/\r?\n\r?\n([A-Za-z0-9+/=\r\n]{40,})/g, (_, text: string) =>
    Buffer.from(text, 'base64').toString('utf8'),
  );
