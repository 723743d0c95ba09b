import assert from 'node:assert/strict';
import type { Express } from 'express';
import Joi from 'joi';
import request from 'supertest';
import { payloadHash } from '../../src/kernel/canonical.js';
import { routeFor } from '../../src/kernel/route.js';
import type { ServeContext } from '../../src/kernel/serve.js';
import { serveAs, type TestKernel, testActor, testKernel } from '../support/kernel.js';

const route = routeFor<ServeContext>();

describe('a request', () => {
  let kernel: TestKernel;
  let app: Express;
  let acts = 0;
  let hold: Promise<void> = Promise.resolve();
  let entered: () => void = () => undefined;

  const makeThing = route({
    id: 'makeThing',
    method: 'post',
    path: '/api/things/:kind',
    tag: 'test',
    summary: 'Makes a thing',
    access: 'public',
    params: Joi.object<{ kind: string }>({ kind: Joi.string().max(10).required() }),
    body: Joi.object<{ name: string; tree?: unknown }>({ name: Joi.string().max(20).required(), tree: Joi.any() }),
    status: 201,
    reply: Joi.object({ name: Joi.string().required(), n: Joi.number().required() }),
    idempotent: true,
    handle: async (_ctx, { body, act }) =>
      act(async (tx) => {
        entered();
        await hold;
        acts += 1;
        tx.record({ action: 'thing.made' });
        return { name: body.name, n: acts };
      }),
  });
  let subjectIsThere = true;
  const freezeThing = route({
    id: 'freezeThing',
    method: 'post',
    path: '/api/things/:kind/freezes',
    tag: 'test',
    summary: 'Does more for who re-verified',
    access: 'public',
    params: Joi.object<{ kind: string }>({ kind: Joi.string().max(10).required() }),
    reply: Joi.object({ frozen: Joi.boolean().required(), by: Joi.string() }),
    idempotent: true,
    stepUp: {
      optional: true,
      confirms: () => ({ 'zh-CN': '冻结', en: 'freeze' }),
      subject: async () => {
        if (!subjectIsThere) throw new Error('the subject is gone');
        return {};
      },
    },
    handle: async (_ctx, { act, reverified }) =>
      act(async (tx, proof) => {
        acts += 1;
        tx.record({ action: 'thing.frozen' });
        return { frozen: reverified, ...(proof && { by: proof.method }) };
      }),
  });
  const readThing = route({
    id: 'readThing',
    method: 'get',
    path: '/api/things/:kind',
    tag: 'test',
    summary: 'Reads things',
    access: { permission: 'thing.read' },
    params: Joi.object({ kind: Joi.string().required() }),
    query: Joi.object<{ limit: number }>({ limit: Joi.number().integer().max(10).default(5) }),
    reply: Joi.object({ limit: Joi.number() }),
    handle: async (_ctx, { query }) => ({ limit: query.limit }),
  });
  const failing = route({
    id: 'fail',
    method: 'get',
    path: '/api/fail',
    tag: 'test',
    summary: 'Fails',
    access: 'public',
    handle: async () => {
      throw new Error('the secret of the inside');
    },
  });

  before(async () => {
    kernel = await testKernel();
    let actor = testActor({ kind: 'anonymous', id: 'anonymous' });
    app = serveAs(
      kernel.ctx,
      [makeThing, freezeThing, readThing, failing],
      () => actor,
      () => false,
    );
    app.set('as', (next: typeof actor) => {
      actor = next;
    });
  });
  after(() => kernel.close());
  beforeEach(() => {
    acts = 0;
    hold = Promise.resolve();
    entered = () => undefined;
  });

  const post = (body: unknown, key?: string) => {
    const sent = request(app).post('/api/things/a').set('Content-Type', 'application/json');
    if (key) sent.set('Idempotency-Key', key);
    return sent.send(typeof body === 'string' ? body : JSON.stringify(body));
  };

  it('is answered with a request id and no cache', async () => {
    const { status, headers, body } = await post({ name: 'x' });
    assert.equal(status, 201);
    assert.deepEqual(body, { name: 'x', n: 1 });
    assert.match(headers['x-request-id'] ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-powered-by'], undefined);
    assert.match(headers['content-security-policy'] ?? '', /default-src 'none'/);
  });

  it('says where it does not fit, without repeating what was sent', async () => {
    const { status, body, headers } = await post({ name: 'hunter2hunter2hunter2hunter2', also: 'hunter2' });
    assert.equal(status, 400);
    assert.match(headers['content-type'] ?? '', /^application\/problem\+json/);
    assert.equal(body.code, 'invalid_request');
    assert.deepEqual(body.issues.map(({ path, rule }: { path: string; rule: string }) => `${path} ${rule}`).sort(), [
      'also object.unknown',
      'name string.max',
    ]);
    assert.ok(!JSON.stringify(body).includes('hunter2'));
  });

  const refusals: [string, string, number, string][] = [
    ['malformed JSON', '{"name": ', 400, 'malformed_json'],
    ['a bare value', '"name"', 400, 'malformed_json'],
    ['a NUL', '{"name":"a\\u0000b"}', 400, 'invalid_request'],
    ['half a surrogate pair', '{"name":"a\\ud800"}', 400, 'invalid_request'],
    ['a query operator', '{"name":{"$gt":""}}', 400, 'invalid_request'],
    ['a prototype', '{"name":"a","__proto__":{"admin":true}}', 400, 'invalid_request'],
    ['deep nesting', `{"name":"a","tree":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 400, 'invalid_request'],
    ['a body over the limit', JSON.stringify({ name: 'a'.repeat(400_000) }), 413, 'body_too_large'],
  ];
  for (const [what, body, status, code] of refusals) {
    it(`refuses ${what}`, async () => {
      const answer = await post(body);
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
      assert.equal(acts, 0);
    });
  }

  it('keeps bidirectional marks byte for byte', async () => {
    const name = 'a\u202eb\u2066c';
    assert.equal((await post({ name })).body.name, name);
  });

  it('refuses other content types, compressed bodies, other methods and unknown paths', async () => {
    const xml = await request(app).post('/api/things/a').set('Content-Type', 'text/xml').send('<a/>');
    assert.deepEqual([xml.status, xml.body.code], [415, 'unsupported_media_type']);
    const zipped = await request(app)
      .post('/api/things/a')
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'gzip')
      .send('{}');
    assert.deepEqual([zipped.status, zipped.body.code], [415, 'unsupported_media_type']);
    const put = await request(app).put('/api/things/a').send({});
    assert.deepEqual([put.status, put.body.code, put.headers['allow']], [405, 'method_not_allowed', 'POST, GET, HEAD']);
    assert.equal((await request(app).get('/api/nothing')).body.code, 'not_found');
    assert.equal((await request(app).get('/api/things/%E0%A4%A')).status, 400);
  });

  it('checks access before it reads the body or the query', async () => {
    const asAnonymous = await request(app).get('/api/things/a?limit=999');
    assert.deepEqual([asAnonymous.status, asAnonymous.body.code], [401, 'not_signed_in']);
    app.get('as')(testActor({ kind: 'person', id: 'person_1' }));
    const asPerson = await request(app).get('/api/things/a?limit=999');
    assert.deepEqual([asPerson.status, asPerson.body.code], [403, 'not_allowed']);
    app.get('as')(testActor({ kind: 'anonymous', id: 'anonymous' }));
  });

  it('says nothing of the inside when something fails', async () => {
    const { status, body } = await request(app).get('/api/fail');
    assert.equal(status, 500);
    assert.equal(body.code, 'internal');
    assert.ok(!JSON.stringify(body).includes('secret'));
  });

  describe('with an Idempotency-Key', () => {
    it('acts once and repeats its answer', async () => {
      const first = await post({ name: 'once' }, 'key-0123456789-once');
      const second = await post({ name: 'once' }, 'key-0123456789-once');
      assert.deepEqual([second.status, second.body], [first.status, first.body]);
      assert.equal(second.headers['idempotent-replayed'], 'true');
      assert.equal(acts, 1);
    });

    it('refuses the key with another payload', async () => {
      await post({ name: 'one' }, 'key-0123456789-two');
      const { status, body } = await post({ name: 'two' }, 'key-0123456789-two');
      assert.deepEqual([status, body.code], [422, 'key_reused']);
    });

    const freeze = (key: string, token?: string) =>
      request(app)
        .post('/api/things/a/freezes')
        .set({ 'Idempotency-Key': key, ...(token === undefined ? {} : { Reverification: token }) })
        .send();

    it('takes the same request with a re-verification for another one: it may do more', async () => {
      assert.deepEqual((await freeze('key-0123456789-plain')).body, { frozen: false });
      const reverified = await freeze('key-0123456789-plain', 'token');
      assert.deepEqual([reverified.status, reverified.body.code], [422, 'key_reused']);
      assert.deepEqual((await freeze('key-0123456789-other', 'token')).body, { frozen: true, by: 'totp' });
      assert.equal((await freeze('key-0123456789-other')).status, 422);
      assert.equal(acts, 2);
    });

    it('repeats the answer to a re-verified request, whatever has become of what it was about', async () => {
      const first = await freeze('key-0123456789-again', 'token');
      subjectIsThere = false;
      for (const token of ['token', 'another token']) {
        const again = await freeze('key-0123456789-again', token);
        assert.deepEqual([again.status, again.body], [first.status, first.body]);
        assert.equal(again.headers['idempotent-replayed'], 'true');
      }
      assert.equal((await freeze('key-0123456789-fresh', 'token')).status, 500);
      subjectIsThere = true;
      assert.equal(acts, 1);
    });

    it('says that the first one is still under way', async () => {
      let release = () => {};
      hold = new Promise((resolve) => {
        release = resolve;
      });
      const started = new Promise<void>((resolve) => {
        entered = resolve;
      });
      const first = post({ name: 'slow' }, 'key-0123456789-slow').then((answer) => answer);
      await started;
      const second = await post({ name: 'slow' }, 'key-0123456789-slow');
      assert.deepEqual([second.status, second.body.code], [409, 'in_flight']);
      assert.ok(second.headers['retry-after']);
      release();
      assert.equal((await first).status, 201);
    });

    it('refuses a key that could be guessed', async () => {
      assert.equal((await post({ name: 'x' }, 'short')).status, 400);
    });

    it('keeps neither key nor answer readable in the store', async () => {
      await post({ name: 'sealed-answer' }, 'key-0123456789-sealed');
      const rows = await kernel.ctx.db.connection.collection('idempotency').find().toArray();
      const text = JSON.stringify(
        rows.map((row) => ({ ...row, answer: Buffer.from(row['answer'].buffer).toString('latin1') })),
      );
      assert.ok(!text.includes('sealed'));
    });

    it('keeps no hash of the payload that a guess could be tried on: payloads hold passwords', async () => {
      await post({ name: 'guessed' }, 'key-0123456789-guess');
      const rows = await kernel.ctx.db.connection.collection('idempotency').find().toArray();
      const guess = payloadHash({ params: { kind: 'a' }, body: { name: 'guessed' }, files: [] });
      assert.ok(!JSON.stringify(rows).includes(guess));
    });
  });
});
