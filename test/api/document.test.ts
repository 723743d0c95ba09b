import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import supertest from 'supertest';
import { makeApp } from '../../src/app.js';
import { apiDocs } from '../../src/kernel/api-docs.js';
import { apiDocument, routes } from '../../src/routes.js';
import { type TestKernel, testKernel } from '../support/kernel.js';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { schema: object; encoding?: object }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const document = apiDocument() as unknown as { paths: Record<string, Record<string, Operation>> };
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
const operation = (id: string): Operation => operations.find(({ operationId }) => operationId === id) as Operation;

describe('The OpenAPI document', () => {
  it('is the one that is committed: after a change of a route run `npm run openapi`', async () => {
    const kept = JSON.parse(await readFile('openapi.json', 'utf8'));
    assert.deepEqual(kept, JSON.parse(JSON.stringify(apiDocument())));
  });

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(JSON.stringify(apiDocument())));
    assert.deepEqual(result.errors ?? [], []);
    assert.equal(validator.version, '3.1');
  });

  it('has every route, once', () => {
    const ids = operations.map(({ operationId }) => operationId).toSorted();
    assert.deepEqual(ids, routes.map(({ id }) => id).toSorted());
  });

  it('says what may be wrong with credentials wherever they are looked at', () => {
    for (const { operationId, responses } of operations)
      assert.match(String(responses['401']?.description), /`token_refused`/, operationId);
    for (const id of ['getCase', 'linkAccount'])
      assert.match(String(operation(id).responses['403']?.description), /`second_factor_required`/);
  });

  it('describes every parameter', () => {
    const silent = operations.flatMap(({ operationId, parameters }) =>
      parameters.filter(({ description }) => !description).map(({ name }) => `${operationId} ${name}`),
    );
    assert.deepEqual(silent, []);
  });

  it('shows the header that carries the secret of a tracking link', () => {
    assert.ok(
      operation('trackCase').parameters.some(({ name, in: where }) => name === 'Tracking-Token' && where === 'header'),
    );
  });

  it('shows uploads as forms, with a JSON part where there is one', () => {
    const report = operation('submitReport').requestBody?.content ?? {};
    assert.deepEqual(Object.keys(report), ['application/json', 'multipart/form-data']);
    assert.deepEqual(report['multipart/form-data']?.encoding, { report: { contentType: 'application/json' } });
    const evidence = operation('addEvidence').requestBody?.content ?? {};
    assert.deepEqual(Object.keys(evidence), ['multipart/form-data']);
  });
});

describe('/api/openapi.json', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await testKernel();
  });
  after(() => kernel?.close());

  it('serves it', async () => {
    const app = makeApp(kernel.ctx as never, [], [apiDocs(apiDocument)]);
    const { body } = await supertest(app)
      .get('/api/openapi.json')
      .expect(200)
      .expect('Content-Type', /application\/json/);
    assert.deepEqual(body, JSON.parse(JSON.stringify(apiDocument())));
  });
});
