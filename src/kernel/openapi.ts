import type Joi from 'joi';
import { describeProblem } from './problem.js';
import type { AnyRoute } from './route.js';

type Json = Record<string, unknown>;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** The OpenAPI 3.1 document, from the routes alone. */
export function openapi(
  info: { title: string; version: string; description: string },
  routes: readonly AnyRoute<never>[],
): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operation(route: AnyRoute<never>): Json {
  const status = String(route.status ?? (route.reply || route.raw ? 200 : 204));
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.access === 'public' ? { security: [{}, { bearer: [] }] } : {}),
    ...(typeof route.access === 'object' ? { 'x-permission': route.access.permission } : {}),
    parameters: [...parameters('path', route.params), ...parameters('query', route.query), ...headers(route)],
    ...(route.body ? { requestBody: requestBody(route, route.body) } : {}),
    responses: { [status]: success(route), ...problems(route) },
  };
}

function parameters(where: 'path' | 'query', schema: Joi.ObjectSchema | undefined): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: property,
    ...(property['description'] ? { description: property['description'] } : {}),
  }));
}

function headers(route: AnyRoute<never>): Json[] {
  const header = (name: string, required: boolean, description: string) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  });
  return [
    ...(route.idempotent
      ? [
          header(
            'Idempotency-Key',
            false,
            '16 to 255 printable characters. The same key with the same payload gets the same answer, once acted on.',
          ),
        ]
      : []),
    ...(route.stepUp
      ? [
          header(
            'Reverification',
            !route.stepUp.optional,
            'A re-verification for exactly this operation and payload, used once.',
          ),
        ]
      : []),
  ];
}

function requestBody(route: AnyRoute<never>, body: Joi.ObjectSchema): Json {
  const schema = jsonSchema(body, 'input');
  const { multipart } = route;
  return {
    required: true,
    content: {
      'application/json': { schema },
      ...(multipart
        ? {
            'multipart/form-data': {
              schema: {
                type: 'object',
                properties: {
                  [multipart.field]: schema,
                  [multipart.files]: { type: 'array', items: { type: 'string', format: 'binary' } },
                },
              },
              encoding: { [multipart.field]: { contentType: 'application/json' } },
            },
          }
        : {}),
    },
  };
}

function success(route: AnyRoute<never>): Json {
  if (route.raw) return { description: route.summary, content: { [route.raw]: {} } };
  if (!route.reply) return { description: route.summary };
  return { description: route.summary, content: { 'application/json': { schema: jsonSchema(route.reply, 'output') } } };
}

/** Every code a route can answer, by status. */
function problems(route: AnyRoute<never>): Json {
  const codes = new Set<string>(['internal', 'too_many_requests', 'unavailable']);
  if (route.params || route.query || route.body) codes.add('invalid_request');
  if (route.body) for (const code of ['malformed_json', 'body_too_large', 'unsupported_media_type']) codes.add(code);
  if (route.access !== 'public') codes.add('not_signed_in');
  if (typeof route.access === 'object') codes.add('not_allowed');
  if (route.stepUp) codes.add('step_up_required');
  if (route.idempotent) for (const code of ['in_flight', 'key_reused']) codes.add(code);
  if (route.method !== 'get') codes.add('conflict');
  for (const code of route.errors ?? []) codes.add(code);
  const byStatus: Record<string, string[]> = {};
  for (const code of codes) {
    const known = describeProblem(code);
    if (!known) throw new Error(`route ${route.id} names the problem ${code}, which nobody declared`);
    const list = byStatus[known.status] ?? [];
    byStatus[known.status] = [...list, code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, list]) => [
      status,
      {
        description: list
          .sort()
          .map((code) => `\`${code}\`: ${describeProblem(code)?.title}`)
          .join('. '),
        content: { 'application/problem+json': { schema: PROBLEM } },
      },
    ]),
  );
}

interface StandardJsonSchema {
  jsonSchema: Record<'input' | 'output', (options: { target: 'draft-2020-12' }) => Json>;
}

/** Joi 18 states its own JSON Schema (Standard JSON Schema). */
export function jsonSchema(schema: Joi.Schema, direction: 'input' | 'output'): Json {
  const { jsonSchema: make } = (schema as unknown as { '~standard': StandardJsonSchema })['~standard'];
  const { $schema: _, ...rest } = make[direction]({ target: 'draft-2020-12' });
  return rest;
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457. `code` says what, `requestId` finds it in our logs.',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string', description: 'Names the kind of problem' },
    title: { type: 'string', description: 'What it is, in a sentence' },
    status: { type: 'integer', description: 'The HTTP status' },
    code: { type: 'string', description: 'The kind of problem, for programs' },
    detail: { type: 'string', description: 'What is particular about this occurrence' },
    requestId: { type: 'string', description: 'Quote it when you ask us' },
    issues: {
      type: 'array',
      description: 'For `invalid_request`: where the request does not fit',
      items: {
        type: 'object',
        properties: {
          in: { type: 'string', enum: ['params', 'query', 'body'] },
          path: { type: 'string' },
          rule: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
  },
};
