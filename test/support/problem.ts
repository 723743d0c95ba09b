import assert from 'node:assert/strict';
import type supertest from 'supertest';

/** Holds an answer to what every refusal of ours is: RFC 9457, with a code, findable in our logs, kept by no cache. */
export function assertProblem(response: supertest.Response, status?: number, code?: string): void {
  const told = `${response.request.method} ${new URL(response.request.url).pathname} ${response.status} ${response.text}`;
  if (status !== undefined) assert.equal(response.status, status, told);
  assert.match(String(response.headers['content-type']), /^application\/problem\+json/, told);
  const problem = response.body as Record<string, unknown>;
  if (code !== undefined) assert.equal(problem['code'], code, told);
  assert.match(String(problem['code']), /^[a-z_]+$/, told);
  assert.equal(problem['type'], `urn:firebreak:problem:${problem['code']}`, told);
  assert.equal(problem['status'], response.status, told);
  assert.ok(String(problem['title']).length > 0, told);
  assert.equal(problem['requestId'], response.headers['x-request-id'], told);
  assert.equal(response.headers['cache-control'], 'no-store', told);
}
