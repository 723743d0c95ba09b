import assert from 'node:assert/strict';
import type supertest from 'supertest';
import { addPerson } from '../../src/identity/index.js';
import { systemActor } from '../../src/kernel/actor.js';
import { newId } from '../../src/kernel/ids.js';
import { makeWorld, PASSWORD, type World } from './support.js';

/** Whoever asks about somebody else must not learn whether there is anybody: not by the answer, not by the work behind it. */
describe('who is known here', () => {
  let world: World;
  before(async () => {
    world = await makeWorld({ TRUSTED_PROXIES: '1' });
    await world.registered('plain@example.com');
    await world.person('twofactor@example.com');
    await world.invited('staff@example.com', ['agent']);
    const invitation = { email: 'invited@example.com', roles: ['analyst'], locale: 'en' } as const;
    await world.ctx.transact(systemActor('cli', newId('cli')), (tx) => addPerson(tx, invitation));
  });
  after(() => world.close());

  const KNOWN = ['plain@example.com', 'twofactor@example.com', 'staff@example.com', 'invited@example.com'];
  const UNKNOWN = ['nobody@example.com', 'someone-else@example.com'];

  let host = 0;
  /** From a source of its own, so that no limit of another try is met. */
  const fresh = () => {
    host += 1;
    return { 'X-Forwarded-For': `10.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}` };
  };

  const ATTEMPTS: Record<string, (email: string) => supertest.Test> = {
    'a sign-in with a wrong password': (email) =>
      world.post('/api/sessions', { email, password: 'not the password 1' }, fresh()),
    'a registration': (email) => world.post('/api/registrations', { email, password: PASSWORD, locale: 'en' }, fresh()),
    'a request for a new password': (email) => world.post('/api/password-resets', { email, locale: 'en' }, fresh()),
  };

  const VARYING = ['date', 'x-request-id'];
  const told = ({ status, headers, body: { requestId: _, ...body } }: supertest.Response) => ({
    status,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !VARYING.includes(name))),
    body,
  });

  /** What the store holds of each kind, and how many passwords were hashed. */
  async function work(): Promise<Record<string, number>> {
    const { connection } = world.ctx.db;
    const names = ['registrations', 'passwordResets', 'outbox', 'auditEvents', 'tries', 'sessions', 'idempotency'];
    const counts = await Promise.all(names.map((name) => connection.collection(name).countDocuments()));
    return {
      hashed: world.ctx.identity.passwords.computed,
      ...Object.fromEntries(names.map((name, index) => [name, counts[index] ?? 0])),
    };
  }

  for (const [what, attempt] of Object.entries(ATTEMPTS)) {
    it(`${what} is answered the same, header for header, and does the same work for everybody`, async () => {
      await attempt('warm-up@example.com');
      const seen: { answer: object; work: object }[] = [];
      for (const email of [...KNOWN, ...UNKNOWN]) {
        const before = await work();
        const answer = told(await attempt(email));
        const after = await work();
        seen.push({
          answer,
          work: Object.fromEntries(Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)])),
        });
      }
      for (const one of seen) assert.deepEqual(one, seen[0]);
    });

    it(`${what} takes as long for somebody as for nobody`, async () => {
      const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
      for (let round = 0; round < 12; round += 1)
        for (const [kind, emails] of [
          ['known', KNOWN],
          ['unknown', UNKNOWN],
        ] as const) {
          const began = performance.now();
          await attempt(emails[round % emails.length] as string);
          times[kind].push(performance.now() - began);
        }
      const middle = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
      // In turn, so that a busy machine is busy for both; half or double would be a difference in work, not noise.
      const ratio = middle(times.known) / middle(times.unknown);
      assert.ok(ratio > 0.5 && ratio < 2, `${ratio}: ${JSON.stringify(times)}`);
    }).timeout(60_000);
  }

  it('is not told by the second step either: a ticket comes with the right password only', async () => {
    for (const email of [...KNOWN, ...UNKNOWN]) {
      const { status, body } = (await ATTEMPTS['a sign-in with a wrong password']?.(email)) ?? assert.fail();
      assert.deepEqual([status, body.code, body.ticket], [401, 'credentials_refused', undefined]);
    }
  });
});
