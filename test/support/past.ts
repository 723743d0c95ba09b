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

export interface Wanted {
  readonly role: Role;
  /** How long ago the authenticator was taken into use. */
  readonly enrolledAgo?: number;
}

/** The product in this process with its clock set back, over HTTP: what happens here happened days ago. */
export interface Past {
  readonly ctx: Context;
  /** Sets the clock to so many milliseconds before the present. */
  ago(milliseconds: number): void;
  /** Somebody who calls the product of the past. */
  caller(name: string): Caller;
  /**
   * People who were set up long ago and signed in a while ago: their factors are old, and every code of now is unused, so
   * that nobody who plays a story has to wait for the next code.
   */
  people(wanted: readonly Wanted[]): Promise<Player[]>;
  /** Casts that share agent, compliance and admin only where no code is asked of them. */
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
  const server = await serve(ctx);
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const exchange = simulatorAdmin(env['EXCHANGE_URL'] as string);
  const caller = (name: string) => new Caller(baseUrl, name, { now: () => clock.now().getTime() });
  let working = false;

  const people = async (wanted: readonly Wanted[]): Promise<Player[]> => {
    const players: Player[] = [];
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      const batch = wanted.slice(at, at + AT_ONCE);
      const found: Player[] = [];
      for (const enrolledAgo of new Set(batch.map((one) => one.enrolledAgo ?? ENROLLED_AGO))) {
        ago(enrolledAgo);
        const due = batch.filter((one) => (one.enrolledAgo ?? ENROLLED_AGO) === enrolledAgo);
        found.push(...(await Promise.all(due.map(({ role }) => invite(ctx, caller(role), role, exchange)))));
      }
      ago(SIGNED_IN_AGO);
      await Promise.all(found.map((player) => player.caller.signIn(player.email, player.password)));
      players.push(...found);
    }
    return players;
  };

  return {
    ctx,
    ago,
    caller,
    people,
    casts: async (count) => {
      const own = ['customer', 'agent', 'analyst', 'analyst', 'analyst', 'approver'] as const;
      const wanted = Array.from({ length: count }, () => own).flat();
      const all = await people([...wanted.map((role) => ({ role })), { role: 'compliance' }, { role: 'admin' }]);
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

let invited = 0;

/** Batches keep their order: who enrols at the same instant is set up side by side. */
async function invite(ctx: Context, caller: Caller, role: Role, exchange: SimulatorAdmin): Promise<Player> {
  invited += 1;
  const email = `${role}.${invited}.${process.pid}@firebreak.example`;
  const { setupToken } = await ctx.transact(systemActor('cli', 'journey'), (tx) =>
    addPerson(tx, { email, roles: [role], locale: role === 'customer' ? 'zh-CN' : 'en' }),
  );
  const player = await setUp(caller, email, setupToken);
  if (role === 'customer') await haveAccount(caller, email, exchange);
  return player;
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
