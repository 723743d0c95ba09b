import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Role } from '../../src/kernel/actor.js';
import type { AnyRoute } from '../../src/kernel/route.js';
import { apiDocument } from '../../src/routes.js';
import { arbitraryOf } from '../support/arbitrary-of.js';
import { type TestContext, testContext } from '../support/context.js';
import { everyRole, type Person } from '../support/people.js';
import { roleFor } from '../support/permitted.js';
import { assertProblem } from '../support/problem.js';
import { allRoutes, samplePath } from '../support/sample-path.js';
import { frozenCase } from '../support/stories.js';

/** The same requests at each run of the suite; FUZZ_RUNS and FUZZ_SEED look further. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 12);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20);

const { paths } = apiDocument() as {
  paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
};

/** Acts that end what the other requests stand on. */
const ENDS_IT = new Set(['signOut', 'endSessions', 'setRoles', 'suspendPerson', 'resetFactors', 'changePassword']);

describe('Random requests', () => {
  let world: TestContext;
  let people: Record<Role, Person>;
  let ids: Record<string, string>;
  before(async function () {
    this.timeout(60_000);
    world = await testContext();
    people = await everyRole(world);
    const { caseId } = await frozenCase(world, people.customer as never);
    const { body } = await people.analyst.get(`/api/cases/${caseId}`).expect(200);
    const { body: me } = await people.customer.get('/api/me').expect(200);
    ids = {
      caseId,
      freezeId: body.freezes[0].freezeId,
      personId: people.agent.personId,
      contactPointId: me.contactPoints[0].id,
    };
    // Re-verifications have tests of their own; here the acts behind them are to be reached.
    Object.assign(world.ctx, {
      stepUp: { ...world.ctx.stepUp, consume: async () => ({ method: 'totp', since: new Date(0) }) },
    });
  });
  after(() => world?.close());

  const send = async (route: AnyRoute<never>, body: unknown, known: boolean): Promise<void> => {
    const role = roleFor(route);
    const answer = await (role ? people[role] : world)
      .send(route.method, samplePath(route, known ? ids : {}), {
        'Content-Type': 'application/json',
        Reverification: 'given',
      })
      .serialize((value: unknown) => value as string)
      .send((route.method === 'get' ? undefined : JSON.stringify(body)) as never);
    const told = `${route.id} ${JSON.stringify(body)?.slice(0, 500)} -> ${answer.status} ${answer.text}`;
    assert.ok(answer.status < 500 || answer.body.code === 'exchange_unavailable', told);
    if (answer.status < 400) return;
    assertProblem(answer);
    assert.ok(documented(route, answer.status).includes(`\`${answer.body.code}\``), `not in the document: ${told}`);
  };

  for (const route of allRoutes.filter(({ id }) => !ENDS_IT.has(id))) {
    it(`never break ${route.id}, and get only answers that the document names`, async () => {
      const anything = fc.oneof(
        { weight: 3, arbitrary: arbitraryOf(route.body).map((value) => value ?? {}) },
        {
          weight: 2,
          arbitrary: arbitraryOf(route.body).chain((value) => spoilt((value ?? {}) as Record<string, unknown>)),
        },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' }) },
        { weight: 1, arbitrary: fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()) },
      );
      await fc.assert(
        fc.asyncProperty(anything, fc.boolean(), (body, known) => send(route, body, known)),
        { numRuns: RUNS, seed: SEED },
      );
    });
  }

  for (const route of allRoutes.filter(({ query, method }) => query && method === 'get')) {
    it(`never break the query of ${route.id}`, async () => {
      const names = Object.keys(route.query?.describe().keys ?? {});
      const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...ODD_VALUES));
      const query = fc.array(fc.tuple(fc.constantFrom(...names, 'x', '__proto__'), value), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(query, async (pairs) => {
          const role = roleFor(route) as Role;
          const written = pairs.map(([name, text]) => `${name}=${encodeURIComponent(text.toWellFormed())}`).join('&');
          const answer = await people[role].get(`${samplePath(route, ids)}?${written}`);
          const told = `${route.id} ${written} -> ${answer.text}`;
          assert.ok([200, 400, 404].includes(answer.status), told);
          if (answer.status === 200) return;
          assertProblem(answer);
          assert.ok(
            documented(route, answer.status).includes(`\`${answer.body.code}\``),
            `not in the document: ${told}`,
          );
        }),
        { numRuns: RUNS * 5, seed: SEED },
      );
    });
  }

  it('leave the system as it should be: every job done, nothing given up', async () => {
    await world.settled();
    const dead = await world.ctx.db.connection.collection('outbox').countDocuments({ state: 'dead' });
    assert.equal(dead, 0);
    await world.send('get', '/readyz').expect(200);
  });
});

/** What parsers of numbers, times, ids and cursors stumble over. */
const ODD_VALUES = [
  ...['', ' ', '0', '-0', '1', '99', '1e2', '1e400', '0x10', 'NaN', '9'.repeat(400), '٣', 'true', 'null', 'undefined'],
  ...['2020-01-01', '2020-13-45', '2020-02-30T00:00:00Z', '+275760-09-13T00:00:00.001Z', '-000001-01-01T00:00:00Z'],
  ...['2020-W01-1', '24:00', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999999Z', `case_${'0'.repeat(24)}`],
  ...[
    ...['0.case_0', `8640000000000001.case_${'0'.repeat(24)}`].map((text) => Buffer.from(text).toString('base64url')),
  ],
  ...['$gt', '{"$gt":""}', '[]', '../x', 'freeze-account', 'freeze-account.frozen', 'closed', 'me', 'nobody', 'done'],
];

/** A body that fits, with one member made into something else. */
function spoilt(body: Record<string, unknown>): fc.Arbitrary<Record<string, unknown>> {
  const names = [...Object.keys(body), 'unknown', '$where', 'constructor'];
  const value = fc.oneof(
    fc.jsonValue({ stringUnit: 'binary' }),
    fc.constantFrom({ $gt: '' }, '\u202e', 1e308, -0, '', []),
  );
  return fc.tuple(fc.constantFrom(...names), value).map(([name, other]) => ({ ...body, [name]: other }));
}

function documented({ path, method }: AnyRoute<never>, status: number): string {
  return paths[path.replace(/:(\w+)/g, '{$1}')]?.[method]?.responses[status]?.description ?? '';
}
