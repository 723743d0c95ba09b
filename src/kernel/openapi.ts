import type Joi from 'joi';
import { describeProblem } from './problem.js';
import type { AnyRoute } from './route.js';

type Json = Record<string, unknown>;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** What the gate answers by itself: to credentials that do not hold, on every route; and where a permission is asked. */
export interface GateProblems {
  readonly identify: readonly string[];
  readonly permit: readonly string[];
}

/** The OpenAPI 3.1 document, from the routes and the gate before them alone. */
export function openapi(
  info: { title: string; version: string; description: string },
  routes: readonly AnyRoute<never>[],
  gate: GateProblems,
): Json {
  const paths: Record<string, Json> = {};
  const components = new Components();
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, gate, components) };
  }
  return {
    openapi: '3.1.0',
    info,
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: { Problem: problemSchema, ...components.schemas() },
      headers: { AuditReceipt: receiptHeader },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
    },
  };
}

function operation(route: AnyRoute<never>, gate: GateProblems, components: Components): Json {
  const status = String(route.status ?? (route.reply || route.raw ? 200 : 204));
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.access === 'public' ? { security: [{}, { bearer: [] }] } : {}),
    ...(typeof route.access === 'object' ? { 'x-permission': route.access.permission } : {}),
    parameters: [...parameters('path', route.params), ...parameters('query', route.query), ...headers(route)],
    ...(route.body || route.multipart ? { requestBody: requestBody(route) } : {}),
    responses: { [status]: success(route, components), ...problems(route, gate) },
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
    ...Object.entries(route.headers ?? {}).map(([name, description]) => header(name, false, description)),
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

function requestBody({ body, multipart }: AnyRoute<never>): Json {
  const schema = body && jsonSchema(body, 'input');
  return {
    required: true,
    content: {
      ...(schema ? { 'application/json': { schema } } : {}),
      ...(multipart ? { 'multipart/form-data': form(multipart, schema) } : {}),
    },
  };
}

function form({ field, files }: { field?: string; files: string }, schema: Json | undefined): Json {
  const upload = {
    type: 'array',
    description: 'The files, kept as they are',
    items: { type: 'string', contentMediaType: 'application/octet-stream' }, // OpenAPI 3.1.1, 4.8.14.3: binary as is
  };
  const json = field !== undefined && schema ? { [field]: schema } : {};
  return {
    schema: {
      type: 'object',
      properties: { ...json, [files]: upload },
      required: field !== undefined ? [field] : [files],
    },
    ...(field !== undefined ? { encoding: { [field]: { contentType: 'application/json' } } } : {}),
  };
}

/** What is read without a trace by everybody has no receipt. */
const mayAct = ({ method, access }: AnyRoute<never>): boolean => method !== 'get' || access !== 'public';

function success(route: AnyRoute<never>, components: Components): Json {
  return {
    description: route.summary,
    ...(mayAct(route) && { headers: { 'Audit-Receipt': { $ref: '#/components/headers/AuditReceipt' } } }),
    ...content(route, components),
  };
}

function content(route: AnyRoute<never>, components: Components): Json {
  if (route.raw) return { content: { [route.raw]: {} } };
  if (!route.reply) return {};
  const schema = components.refer(route.reply, 'output');
  return { content: { 'application/json': { schema } } };
}

/** Schemas with an id (`.id('Case')`) stand in the document once, under that name; everything else where it is used. */
class Components {
  readonly #named = new Map<string, Json>();

  refer(schema: Joi.Schema, direction: 'input' | 'output'): Json {
    const { $defs = {}, ...json } = jsonSchema(schema, direction) as Json & { $defs?: Record<string, Json> };
    const { id } = (schema.describe().flags ?? {}) as { id?: string };
    const named = new Map(Object.entries({ ...$defs, ...(id ? { [id]: json } : {}) }));
    const names = new Map([...named].map(([name, inner]) => [JSON.stringify(inner), name]));
    for (const [name, inner] of named) this.#add(name, replaceInside(inner, names));
    return replace(json, names) as Json;
  }

  schemas(): Json {
    return Object.fromEntries([...this.#named].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #add(name: string, schema: Json): void {
    const known = this.#named.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`two schemas have the id ${name}`);
    this.#named.set(name, schema);
  }
}

function replace(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const name = names.get(JSON.stringify(value));
  return name === undefined ? replaceInside(value, names) : { $ref: `#/components/schemas/${name}` };
}

const replaceInside = <T extends object>(value: T, names: ReadonlyMap<string, string>): T =>
  (Array.isArray(value)
    ? value.map((inner) => replace(inner, names))
    : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner, names)]))) as T;

/** Every code a route can answer, by status. A query that nobody asked for is refused everywhere. */
function problems(route: AnyRoute<never>, gate: GateProblems): Json {
  const codes = new Set<string>(['internal', 'invalid_request', 'too_many_requests', 'unavailable', ...gate.identify]);
  if (route.body) for (const code of ['malformed_json', 'body_too_large', 'unsupported_media_type']) codes.add(code);
  if (route.access !== 'public') codes.add('not_signed_in');
  if (typeof route.access === 'object') codes.add('not_allowed');
  if (typeof route.access === 'object' || route.access === 'signed-in') for (const code of gate.permit) codes.add(code);
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

const receiptHeader = {
  description:
    'Whenever the request left an event in the audit log, refusals and readings too: base64 of a signed note (C2SP) that names its events by id and leaf hash; several are joined by commas. Keep it: `firebreak audit verify --receipt` and `/audit/proof/{eventId}` show later that the log still holds them. A replayed answer carries the receipt of the first.',
  schema: { type: 'string' },
};

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
          in: { type: 'string', enum: ['params', 'query', 'body'], description: 'In which part of the request' },
          path: { type: 'string', description: 'Where in it, names joined by dots' },
          rule: { type: 'string', description: 'The rule that it breaks, for programs' },
          message: { type: 'string', description: 'The rule in words; never what was sent' },
        },
      },
    },
  },
};
