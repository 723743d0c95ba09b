import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { AnyRoute } from '../../src/kernel/route.js';
import { type TestContext, testContext } from '../support/context.js';
import { type Person, signedInCustomer, signedInStaff } from '../support/people.js';
import { assertProblem } from '../support/problem.js';
import { allRoutes } from '../support/sample-path.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const REPORT = { kind: 'phishing', whatHappened: 'A page asked for my code.', contact: { email: 'wei@example.org' } };

describe('A request that is not what it should be', () => {
  let world: TestContext;
  let agent: Person;
  let customer: Person;
  before(async function () {
    this.timeout(60_000);
    world = await testContext();
    agent = await signedInStaff(world, ['agent']);
    customer = await signedInCustomer(world);
  });
  after(() => world?.close());

  const raw = (body: string | Buffer, headers: Record<string, string> = JSON_TYPE, path = '/api/reports') =>
    world
      .send('post', path, headers)
      .serialize((value: unknown) => value as string)
      .send(body as never);

  describe('as JSON', () => {
    for (const [name, body] of Object.entries({
      'cut off': '{"kind":"phish',
      'two values': '{}{}',
      'single quotes': "{'kind':'phishing'}",
      'a trailing comma': '{"kind":"phishing",}',
      'not a number': '{"kind":NaN}',
      'a bare word': 'phishing',
      'control characters': '{"kind":"phi\nshing"}',
      'bytes that are no UTF-8 between the members': '{"kind": \u0001}',
    })) {
      it(`is refused as malformed: ${name}`, async () => assertProblem(await raw(body), 400, 'malformed_json'));
    }

    for (const body of ['null', '[]', '"text"', '7', 'true', '[{}]']) {
      it(`is refused when it is no object: ${body}`, async () => {
        const answer = await raw(body);
        assertProblem(answer, 400);
      });
    }

    it('is refused when its bytes are no UTF-8, for they could not be kept as they came', async () => {
      for (const bytes of ['ff', 'c0af', 'eda080', 'e282', 'f8888080']) {
        const body = Buffer.concat([
          Buffer.from('{"kind":"phishing","contact":{"email":"wei@example.org"},"whatHappened":"'),
          Buffer.from(bytes, 'hex'),
          Buffer.from('"}'),
        ]);
        assertProblem(await raw(body), 400, 'malformed_json');
      }
    });

    it('is refused when it is nested too deeply, however deep', async () => {
      for (const depth of [33, 1_000, 20_000]) {
        const answer = await raw(`{"kind":${'['.repeat(depth)}${']'.repeat(depth)}}`);
        assertProblem(answer, 400, 'invalid_request');
        assertProblem(await raw(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`), 400, 'invalid_request');
      }
    });

    it('is refused when it is too large, said or not', async () => {
      assertProblem(await raw(JSON.stringify({ ...REPORT, whatHappened: 'x'.repeat(300_000) })), 413, 'body_too_large');
      const chunked = httpRequest(`${world.url}/api/reports`, {
        method: 'POST',
        headers: { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' },
      });
      const answered = new Promise<number>((resolve, reject) => {
        chunked.once('response', (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        chunked.once('error', reject);
      });
      for (let sent = 0; sent < 300_000; sent += 10_000) chunked.write(`"${'x'.repeat(9_997)}",`);
      chunked.end();
      assert.equal(await answered, 413);
    });

    it('is refused for every member that nobody asked for, at any depth', async () => {
      for (const body of [
        { ...REPORT, admin: true },
        { ...REPORT, $where: '1' },
        { ...REPORT, contact: { ...REPORT.contact, trust: 'normal' } },
        { ...REPORT, 'contact.email': 'x' },
        { ...REPORT, _id: 'case_1' },
      ]) {
        const answer = await world.send('post', '/api/reports').send(body);
        assertProblem(answer, 400, 'invalid_request');
        assert.equal(answer.body.issues[0].rule, 'object.unknown');
      }
    });

    it('cannot reach the prototype of anything', async () => {
      const bodies = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'].flatMap((name) => [
        `{"kind":"phishing","whatHappened":"x","${name}":{"isAdmin":true}}`,
        `{"kind":"phishing","whatHappened":"x","contact":{"${name}":{"isAdmin":true}}}`,
      ]);
      for (const body of bodies) assertProblem(await raw(body), 400, 'invalid_request');
      assert.equal(({} as { isAdmin?: boolean }).isAdmin, undefined);
      const asked =
        '{"operation":"submitReport","params":{"__proto__":{"x":1}},"body":{"constructor":{"prototype":{"x":1}}}}';
      const answer = await customer
        .send('post', '/api/reverifications', JSON_TYPE)
        .serialize((value: unknown) => value as string)
        .send(asked as never);
      assertProblem(answer, 400, 'invalid_request');
      assertProblem(
        await customer.post('/api/reverifications', { operation: 'constructor', params: {}, body: {} }),
        404,
        'not_found',
      );
      assertProblem(await customer.post('/api/reverifications', { operation: 'toString' }), 404, 'not_found');
    });
  });

  describe('by its content type', () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'application/json-patch+json',
      'image/png',
      'nonsense',
    ]) {
      it(`is refused as ${type}`, async () => {
        assertProblem(await raw(JSON.stringify(REPORT), { 'Content-Type': type }), 415, 'unsupported_media_type');
      });
    }

    it('is refused in a charset or an encoding that nobody speaks here', async () => {
      for (const charset of ['utf-7', 'latin1', 'x-unknown', 'utf-32'])
        assertProblem(
          await raw(JSON.stringify(REPORT), { 'Content-Type': `application/json; charset=${charset}` }),
          415,
          'unsupported_media_type',
        );
      for (const encoding of ['gzip', 'br', 'zstd', 'nonsense'])
        assertProblem(
          await raw(JSON.stringify(REPORT), { ...JSON_TYPE, 'Content-Encoding': encoding }),
          415,
          'unsupported_media_type',
        );
    });

    it('is refused on every route that reads a body', async () => {
      for (const { path, method, id } of bodyRoutes()) {
        const answer = await world.send(method, path, { 'Content-Type': 'text/plain' }).send('{}');
        assertProblem(answer);
        assert.equal(answer.status, 415, id);
      }
    });
  });

  describe('by its query', () => {
    it('is refused for what nobody asked for, for repetition and for operators', async () => {
      for (const query of [
        'x=1',
        'state=a&state=b',
        'state[$ne]=x',
        'state[]=a',
        '$where=1',
        '__proto__[x]=1',
        '__proto__=1',
        'limit=1e9',
        'limit=-1',
        'limit=1.5',
        'limit=NaN',
        'cursor=%00',
        'number=%ED%A0%80%00',
        'assigned=me&assigned=nobody',
        'kind=',
        'toString=1',
      ]) {
        assertProblem(await agent.get(`/api/cases?${query}`), 400);
      }
      assertProblem(await agent.get('/api/cases/case_000000000000000000000000?admin=1'), 400, 'invalid_request');
      assertProblem(await world.send('get', '/healthz?x=1'), 400, 'invalid_request');
    });

    it('is refused when it is huge', async () => {
      const many = Array.from({ length: 1_500 }, (_, index) => `a${index}=1`).join('&');
      assertProblem(await agent.get(`/api/cases?${many}`), 400, 'invalid_request');
      const answer = await agent.get(`/api/cases?number=${'9'.repeat(8_000)}`);
      assertProblem(answer, 400, 'invalid_request');
      assert.ok(answer.text.length < 2_000);
    });

    it('finds nothing by a cursor that was made up', async () => {
      for (const cursor of [
        'a',
        'e30',
        Buffer.from('{"$gt":""}').toString('base64url'),
        '..',
        'MTcwMDAwMDAwMDAwMHxjYXNlXzE',
      ])
        assert.ok([200, 400].includes((await agent.get(`/api/cases?cursor=${cursor}`)).status), cursor);
    });
  });

  describe('by its path', () => {
    for (const id of [
      '..',
      '../../etc/passwd',
      '..%2f..%2fetc%2fpasswd',
      '%2e%2e%2f',
      '%00',
      'case_%00',
      '%ED%A0%80',
      '%',
      '%zz',
      'case_$ne',
      '[object Object]',
      '__proto__',
      'a'.repeat(4_000),
      '%F0%9F%92%A9',
      'case_000000000000000000000000%0d%0aX: y',
      'case_00000000000000000000000\u0660',
    ]) {
      it(`finds no case behind ${JSON.stringify(id.slice(0, 40))}`, async () => {
        const answer = await ask(world, `/api/cases/${encodeURI(id).replaceAll('%25', '%')}`, agent);
        assert.ok([400, 404].includes(answer.status), String(answer.status));
        assert.match(answer.type, /^application\/problem\+json/);
      });
    }
  });

  describe('by its headers', () => {
    it('is refused for an Idempotency-Key that is too short, too long or not printable', async () => {
      for (const key of ['short', 'x'.repeat(256), 'with spaces in between', '密钥密钥密钥密钥密钥密钥'.normalize()])
        assertProblem(
          await world
            .send('post', '/api/reports', {
              'Idempotency-Key': encodeURI(key).includes('%E') ? 'k\u00e9'.repeat(20) : key,
            })
            .send(REPORT),
          400,
          'invalid_request',
        );
    });

    it('is refused for a Reverification that is no token of ours, before anything is done', async () => {
      const path = '/api/cases/case_000000000000000000000000/freezes';
      for (const token of ['x', 'a'.repeat(43), '$ne', '{"$gt":""}', 'a'.repeat(4_000)]) {
        const answer = await agent.post(path, { reason: 'because' }, { Reverification: token });
        assertProblem(answer);
        assert.ok([401, 404].includes(answer.status), token);
      }
    });

    it('takes no name or address from headers that nobody vouches for', async () => {
      const forged = {
        'X-Forwarded-For': '10.0.0.1',
        Forwarded: 'for=10.0.0.1',
        'X-Real-IP': '10.0.0.1',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'gopher',
        Host: 'evil.example',
      };
      const { body, status } = await world.send('post', '/api/reports', forged).send(REPORT);
      assert.equal(status, 201);
      assert.ok(String(body.trackingLink).startsWith(world.url), body.trackingLink);
    });

    it('survives absurd headers', async () => {
      for (const headers of [
        { Cookie: 'a=b; '.repeat(500) },
        { Cookie: '__Host-refresh=%00; ;;=;' },
        { 'Accept-Language': 'zh-CN,'.repeat(300) },
        { Accept: 'application/x-nothing;q=nan' },
        { Range: 'bytes=-1' },
        { 'If-None-Match': '*' },
        { Authorization: 'Bearer' },
        { 'Tracking-Token': '{"$gt":""}' },
      ]) {
        const answer = await world.send('get', '/api/tracking', headers as Record<string, string>);
        assert.ok(
          answer.status >= 400 && answer.status < 500,
          `${JSON.stringify(headers).slice(0, 60)} ${answer.status}`,
        );
      }
    });

    it('closes the line on what is no HTTP, and serves the next caller', async () => {
      for (const bytes of [
        'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX',
        'POST /api/reports HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n',
        `GET / HTTP/1.1\r\nHost: a\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`,
        'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: nonsense\r\n\r\n',
        '\0\0\0\0\r\n\r\n',
        'GET /\ud83d\udca9 HTTP/9.9\r\n\r\n',
      ]) {
        assert.match(await overTheWire(world, bytes), /^HTTP\/1\.1 4\d\d |^$/);
      }
      await world.send('get', '/healthz').expect(200);
    });
  });
});

/** Routes that read a body and let anybody get that far. */
const bodyRoutes = (): AnyRoute<never>[] => allRoutes.filter(({ body, access }) => body && access === 'public');

/** A GET whose path no client library mends. */
function ask(world: TestContext, path: string, { headers }: Person): Promise<{ status: number; type: string }> {
  const { hostname, port } = new URL(world.url);
  return new Promise((resolve, reject) => {
    httpRequest({ hostname, port, path, headers }, (response) => {
      text(response).then(
        () => resolve({ status: response.statusCode ?? 0, type: String(response.headers['content-type']) }),
        reject,
      );
    })
      .once('error', reject)
      .end();
  });
}

/** What the server answers to bytes; empty when it only hung up. */
function overTheWire(world: TestContext, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(new URL(world.url).port), '127.0.0.1', () => socket.end(bytes));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.once('error', () => undefined);
    socket.once('close', () => resolve(answer));
  });
}
