import assert from 'node:assert/strict';
import type supertest from 'supertest';
import type { Role } from '../../src/kernel/actor.js';
import type { AnyRoute } from '../../src/kernel/route.js';
import { wholeBody } from '../support/arbitrary-of.js';
import { type TestContext, testContext } from '../support/context.js';
import { everyRole, type Person } from '../support/people.js';
import { roleFor } from '../support/permitted.js';
import { assertProblem } from '../support/problem.js';
import { allRoutes, samplePath } from '../support/sample-path.js';
import { isEnumerated, nameOf, type Place, placesIn } from '../support/schema-walk.js';

const OPERATORS = [
  { $gt: '' },
  { $ne: null },
  { $regex: '.*' },
  { $where: 'sleep(1000)' },
  { $in: ['a'] },
  ['a'],
  { length: 1 },
];
const NO_TEXT = [null, 0, true, '\0', 'a\0b', '\ud800', 'a\udc00b', '\udfff\ud800'];
const BIDI = [
  '\u202eevil\u202c',
  '\u2066\u2069',
  '\u200f\u200e',
  '\ufeff',
  'e\u0301',
  '\u{1f469}\u200d\u{1f692}',
  '\u2028\u2029',
];
const CODE = [
  '$where',
  '{"$gt":""}',
  "'; return true; //",
  '#{7*7}',
  '{{7*7}}',
  '<script>',
  '../../etc/passwd',
  '__proto__',
  '%00',
  '\r\nX: y',
];

/** Every text that any body carries, by where it stands. */
const texts = allRoutes
  .filter(({ body }) => body)
  .flatMap((route) =>
    [...placesIn(route, 'body')].filter(({ schema }) => schema.type === 'string').map((place) => ({ route, place })),
  );

describe('Every text field of every body', () => {
  let world: TestContext;
  let people: Record<Role, Person>;
  before(async function () {
    this.timeout(60_000);
    world = await testContext();
    people = await everyRole(world);
  });
  after(() => world?.close());

  const send = (route: AnyRoute<never>, body: object): supertest.Test => {
    const role = roleFor(route);
    return (role ? people[role] : world).send(route.method, samplePath(route)).send(body);
  };

  it('is found by the tests', () => {
    assert.ok(texts.length > 50, `${texts.length} fields`);
  });

  it('refuses query operators and whatever else is no text, and says where', async () => {
    for (const { route, place } of texts) {
      const values = [...OPERATORS, ...NO_TEXT].filter((value) => value !== null || !takesNull(route, place));
      await Promise.all(
        values.map(async (value) => {
          const answer = await send(route, bodyWith(route, place, value));
          assertProblem(answer, 400, 'invalid_request');
          assert.ok(complainsAt(answer, place), `${nameOf(place)} ${JSON.stringify(value)}: ${answer.text}`);
        }),
      );
    }
  }).timeout(120_000);

  it('refuses text that is longer than it may be, and says where', async () => {
    for (const { route, place } of texts) {
      const body = bodyWith(route, place, 'x'.repeat(longest(place) + 1));
      const answer = await send(route, body);
      assertProblem(answer, 400, 'invalid_request');
      assert.ok(complainsAt(answer, place), `${nameOf(place)}: ${answer.text}`);
      assert.ok(answer.text.length < 8_000, `${route.id} answers ${answer.text.length} characters`);
    }
  }).timeout(60_000);

  it('takes or refuses text that deceives readers or looks like code, and never breaks', async () => {
    for (const { route, place } of texts) {
      const answers = await Promise.all([...BIDI, ...CODE].map((value) => send(route, bodyWith(route, place, value))));
      for (const answer of answers) {
        assert.ok(answer.status < 500, `${nameOf(place)}: ${answer.text}`);
        if (answer.status >= 400) assertProblem(answer);
        const told = JSON.stringify(answer.body.issues ?? []);
        assert.ok(!/<script>|7\*7|etc\/passwd/.test(told), 'the refusal repeats what was sent');
      }
    }
  }).timeout(120_000);
});

const bodies = new Map<string, Record<string, unknown>>();

/** A body that fits, but for `value` at one place. */
function bodyWith(route: AnyRoute<never>, { path }: Place, value: unknown): object {
  const whole = bodies.get(route.id) ?? wholeBody(route.body as never);
  bodies.set(route.id, whole);
  const body = structuredClone(whole);
  let holder: Record<string, unknown> = body;
  for (const name of path.slice(0, -1)) holder = holder[step(name)] as Record<string, unknown>;
  holder[step(path.at(-1) as string)] = value;
  return body;
}

/** The first entry stands for all of a list. */
const step = (name: string): string => (name === '[]' ? '0' : name);

const takesNull = (route: AnyRoute<never>, { path }: Place): boolean =>
  [...placesIn(route, 'body')].some(
    ({ path: other, schema }) => other.join() === path.join() && schema.allow?.includes(null),
  );

const longest = ({ schema }: Place): number =>
  isEnumerated(schema) ? 100 : Number(schema.rules?.find(({ name }) => name === 'max')?.args?.['limit'] ?? 2_048);

/** Whether the refusal names the field, or something around it: a list of alternatives is named as a whole. */
function complainsAt(answer: supertest.Response, { path }: Place): boolean {
  const asked = path.map(step).join('.');
  return (answer.body.issues as { in: string; path: string }[]).some(
    (issue) =>
      issue.in === 'body' &&
      (issue.path === asked || asked.startsWith(`${issue.path}.`) || issue.path.startsWith(`${asked}.`)),
  );
}
