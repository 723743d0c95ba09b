import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeApp } from '../../src/app.js';
import { Context } from '../../src/context.js';
import { Caller } from '../../src/demo/caller.js';
import { type Cast, haveAccount, type Player, setUp } from '../../src/demo/people.js';
import { addPerson } from '../../src/identity/add-person.js';
import { type Role, systemActor } from '../../src/kernel/actor.js';
import { DAY, MINUTE, movableClock } from '../../src/kernel/clock.js';
import { readConfig } from '../../src/kernel/config.js';
import { readSecrets } from '../../src/kernel/secrets.js';
import { routes } from '../../src/routes.js';
import { type SimulatorAdmin, simulatorAdmin } from '../../src/simulator/index.js';

/** Old enough for factors and telephone numbers to count (7 days). */
const ENROLLED_AGO = 10 * DAY;

/** Recent enough for the access token to live on (ACCESS_TOKEN_MINUTES=60). */
const SIGNED_IN_AGO = 15 * MINUTE;

const AT_ONCE = 6; // people who are set up side by side

/** The product in this process with its clock set back, over HTTP: what happens here happened days ago. */
export interface Past {
  readonly ctx: Context;
  /** Sets the clock to so many milliseconds before the present. */
  ago(milliseconds: number): void;
  /** Somebody who calls the product of the past. */
  caller(name: string): Caller;
  /** People whose authenticators were taken into use so many milliseconds ago, ten days unless told; signed in then. */
  enrol(roles: readonly Role[], enrolledAgo?: number): Promise<Player[]>;
  /** Signs them in a while ago: every code of now is unused, so that nobody has to wait for the next one. */
  signIn(players: readonly Player[]): Promise<void>;
  /**
   * Casts whose factors are old, signed in and with every code of now unused. They share compliance and admin, of whom no
   * code is asked.
   */
  casts(count: number): Promise<Cast[]>;
  /** Works off what is due by the clock of the past. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function openPast(env: Readonly<Record<string, string>>): Promise<Past> {
  const clock = movableClock();
  let back = 0;
  const ago = (milliseconds: number) => {
    clock.advance(back - milliseconds);
    back = milliseconds;
  };
  const config = readConfig({ ...env, JOB_SWEEP_MS: '60000' });
  const ctx = await Context.fromConfig(config, readSecrets(config, env), { clock });
  await letNothingExpire(ctx);
  const server = await serve(ctx);
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const exchange = simulatorAdmin(env['EXCHANGE_URL'] as string);
  const caller = (name: string) => new Caller(baseUrl, name, { now: () => clock.now().getTime() });
  let working = false;

  const enrol: Past['enrol'] = async (roles, enrolledAgo = ENROLLED_AGO) => {
    ago(enrolledAgo);
    return inBatches(roles, (role) => invite(ctx, caller(role), role, exchange));
  };
  const signIn: Past['signIn'] = async (players) => {
    ago(SIGNED_IN_AGO);
    await inBatches(players, (player) => player.caller.signIn(player.email, player.password));
  };

  return {
    ctx,
    ago,
    caller,
    enrol,
    signIn,
    casts: async (count) => {
      const own = ['customer', 'agent', 'analyst', 'analyst', 'analyst', 'approver'] as const;
      const all = await enrol([...Array.from({ length: count }, () => own).flat(), 'compliance', 'admin']);
      await signIn(all);
      const [compliance, admin] = all.slice(-2) as [Player, Player];
      return Array.from({ length: count }, (_, n) => {
        type Six = [Player, Player, Player, Player, Player, Player];
        const [customer, agent, first, second, third, approver] = all.slice(n * 6, n * 6 + 6) as Six;
        return { customer, agent, analysts: [first, second, third], approver, compliance, admin };
      });
    },
    settle: async () => {
      if (!working) ctx.startWorking({ alone: false });
      working = true;
      await ctx.worker.settled();
    },
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await ctx.stopWorking();
      await ctx.close();
    },
  };
}

/** The store takes away what is over by the machine's clock, so all of the past; who starts now has that done again. */
async function letNothingExpire({ db }: Context): Promise<void> {
  for (const collection of (await db.connection.db?.collections()) ?? [])
    for (const { name, expireAfterSeconds } of await collection.indexes())
      if (name !== undefined && expireAfterSeconds !== undefined) await collection.dropIndex(name);
}

let invited = 0;

async function inBatches<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < list.length; at += AT_ONCE)
    results.push(...(await Promise.all(list.slice(at, at + AT_ONCE).map(work))));
  return results;
}

async function invite(ctx: Context, caller: Caller, role: Role, exchange: SimulatorAdmin): Promise<Player> {
  invited += 1;
  const email = `${role}.${invited}.${process.pid}@firebreak.example`;
  const { setupToken } = await ctx.transact(systemActor('cli', 'journey'), (tx) =>
    addPerson(tx, { email, roles: [role], locale: role === 'customer' ? 'zh-CN' : 'en' }),
  );
  const first =
    role === 'customer' ? (password: string) => haveAccount(caller, { email, password }, exchange) : undefined;
  return setUp(caller, email, setupToken, first);
}

async function serve(ctx: Context): Promise<Server> {
  const app = makeApp<Context>(ctx, routes);
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve(server));
  });
}

/** The cast of the past before a web process of now. */
export function castAt(cast: Cast, move: (caller: Caller) => Caller): Cast {
  const moved = (player: Player): Player => ({ ...player, caller: move(player.caller) });
  const [first, second, third] = cast.analysts;
  return {
    customer: moved(cast.customer),
    agent: moved(cast.agent),
    analysts: [moved(first), moved(second), moved(third)],
    approver: moved(cast.approver),
    compliance: moved(cast.compliance),
    admin: moved(cast.admin),
  };
}
