// Turns openapi.json into src/web/ground/operations.ts: what each operation is called by, takes and answers.
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

const OUT = 'src/web/ground/operations.ts';
const JSON_TYPE = 'application/json';

export async function writeClientTypes() {
  const { paths, components } = JSON.parse(readFileSync('openapi.json', 'utf8'));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const shapes = Object.fromEntries(operations.map(({ operation }) => [operation.operationId, shapeOf(operation)]));
  const types = await compile({ ...object(shapes), components }, 'Operations', {
    bannerComment: '',
    format: false,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
  });
  writeFileSync(OUT, `// Made from openapi.json by scripts/client-types.mjs.\n${types}\n${table(operations)}`);
}

/** What a caller gives and gets; a raw reply is bytes. */
function shapeOf({ parameters = [], requestBody, responses }) {
  const given = (where) => {
    const some = parameters.filter((parameter) => parameter.in === where);
    const required = some.filter((parameter) => parameter.required).map(({ name }) => name);
    return some.length
      ? object(Object.fromEntries(some.map(({ name, schema }) => [name, schema])), required)
      : undefined;
  };
  const content = Object.entries(responses).find(([status]) => status < '300')?.[1].content;
  return object(
    Object.fromEntries(
      [
        ['params', given('path')],
        ['query', given('query')],
        ['body', requestBody?.content?.[JSON_TYPE]?.schema],
        ['reply', content ? (content[JSON_TYPE]?.schema ?? { tsType: 'Blob' }) : { tsType: 'undefined' }],
      ].filter(([, schema]) => schema),
    ),
  );
}

const object = (properties, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/** Method, path, and whether it is re-verified: all that a request needs to know besides its types. */
function table(operations) {
  const rows = operations.map(({ path, method, operation }) => {
    const { required } = (operation.parameters ?? []).find(({ name }) => name === 'Reverification') ?? {};
    const stepUp = required === undefined ? '' : `, '${required ? 'required' : 'optional'}'`;
    return `  ${operation.operationId}: ['${method.toUpperCase()}', '${path}'${stepUp}],`;
  });
  return `export const OPERATIONS: Readonly<Record<keyof Operations, readonly [method: string, path: string, stepUp?: 'required' | 'optional']>> = {\n${rows.join('\n')}\n};\n`;
}
