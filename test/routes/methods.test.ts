import assert from 'node:assert/strict';
import { type Method, type TestContext, testContext } from '../support/context.js';
import { assertProblem } from '../support/problem.js';
import { allRoutes, samplePath } from '../support/sample-path.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'options'] as const satisfies readonly Method[];

describe('Every path', () => {
  let world: TestContext;
  before(async () => {
    world = await testContext();
  });
  after(() => world?.close());

  it('answers 405 to methods that nobody stated, and says which there are', async () => {
    for (const path of new Set(allRoutes.map((route) => route.path))) {
      const stated = allRoutes.filter((route) => route.path === path).map(({ method }) => method);
      for (const method of METHODS.filter((name) => !(stated as readonly string[]).includes(name))) {
        const answer = await world.send(method, samplePath({ path }));
        assertProblem(answer, 405, 'method_not_allowed');
        const allowed = String(answer.headers['allow']).split(', ').toSorted();
        const expected = [...stated, ...(stated.includes('get') ? ['head'] : [])].map((name) => name.toUpperCase());
        assert.deepEqual(allowed, expected.toSorted(), path);
      }
    }
  });

  it('is not moved to another method by a header, a parameter or a field', async () => {
    const overrides = { 'X-HTTP-Method-Override': 'DELETE', 'X-HTTP-Method': 'DELETE', 'X-Method-Override': 'DELETE' };
    for (const method of ['get', 'post'] as const) {
      const answer = await world.send(method, '/api/sessions/current?_method=DELETE', overrides);
      assertProblem(answer, 405, 'method_not_allowed');
    }
  });

  it('is known in one spelling only', async () => {
    for (const path of [
      '/API/cases',
      '/api/Cases',
      '/api/cases/',
      '//api/cases',
      '/api//cases',
      '/api/cases/..',
      '/api/%63ases/x/y',
    ]) {
      assertProblem(await world.send('get', path.replace('/..', '/%2e%2e/')), 404, 'not_found');
    }
    assertProblem(await world.send('get', '/api/nothing'), 404, 'not_found');
    assertProblem(await world.send('get', '/nothing'), 404, 'not_found');
  });

  it('carries the headers that protect a browser, on success and refusal alike', async () => {
    for (const path of ['/healthz', '/api/cases', '/api/docs', '/nothing', '/api/openapi.json']) {
      const { headers } = await world.send('get', path);
      assert.match(String(headers['content-security-policy']), /default-src 'none'/, path);
      assert.match(String(headers['content-security-policy']), /frame-ancestors 'none'/, path);
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['x-frame-options'], 'DENY', path);
      assert.equal(headers['referrer-policy'], 'no-referrer', path);
      assert.equal(headers['x-powered-by'], undefined, path);
      assert.equal(headers['access-control-allow-origin'], undefined, path);
    }
  });
});
