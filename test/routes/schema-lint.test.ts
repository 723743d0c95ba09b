import assert from 'node:assert/strict';
import { jsonSchema } from '../../src/kernel/openapi.js';
import { describeProblem } from '../../src/kernel/problem.js';
import type { AnyRoute } from '../../src/kernel/route.js';
import { apiDocument, routes } from '../../src/routes.js';
import {
  argOf,
  type Described,
  isEnumerated,
  nameOf,
  PARTS,
  type Place,
  places,
  placesIn,
} from '../support/schema-walk.js';

const all = routes as readonly AnyRoute<never>[];
const REQUEST = ['params', 'query', 'body'] as const;

describe('Every route', () => {
  it('has an operation id and a method with a path of its own', () => {
    assert.deepEqual(repeated(all.map(({ id }) => id)), []);
    assert.deepEqual(repeated(all.map(({ method, path }) => `${method} ${path.replace(/:\w+/g, ':')}`)), []);
  });

  it('says in a sentence what it does, and names only problems that somebody declared', () => {
    const dumb = all.filter(({ summary, tag }) => summary.length < 10 || summary.endsWith('.') || !tag);
    assert.deepEqual(dumb.map(idOf), []);
    const unknown = all.flatMap(({ id, errors = [] }) =>
      errors.filter((code) => !describeProblem(code)).map((code) => `${id} ${code}`),
    );
    assert.deepEqual(unknown, []);
  });

  it('has a schema for the parameters of its path, exactly those', () => {
    const wrong = all.filter(({ path, params }) => {
      const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name).sort();
      return (
        inPath.join() !==
        Object.keys(params?.describe().keys ?? {})
          .sort()
          .join()
      );
    });
    assert.deepEqual(wrong.map(idOf), []);
  });

  it('replays the answer to a repeated Idempotency-Key when it is a POST that creates or acts', () => {
    const without = all.filter(({ method, idempotent }) => method === 'post' && !idempotent);
    assert.deepEqual(without.map(idOf).toSorted(), Object.keys(NOT_REPLAYED).toSorted());
    assert.deepEqual(all.filter(({ method, idempotent }) => method !== 'post' && idempotent).map(idOf), []);
  });

  it('says which problems can answer it, and which things of its path may not be there', () => {
    const silent = all.filter(
      ({ path, errors = [] }) => path.includes('/:') && !errors.some((code) => describeProblem(code)?.status === 404),
    );
    assert.deepEqual(silent.map(idOf), []);
    for (const route of all) {
      const answers = operationOf(route).responses;
      const expected = [
        ...(route.access === 'public' ? [] : ['401']),
        ...(route.access === 'public' || route.access === 'first-factor' ? [] : ['403']),
        ...(route.body ? ['400', '413', '415'] : []),
        ...(route.stepUp ? ['401'] : []),
        '429',
        '500',
      ];
      assert.deepEqual(
        expected.filter((status) => !answers[status]),
        [],
        route.id,
      );
    }
  });
});

/** POSTs without Idempotency-Key, and why. */
const NOT_REPLAYED: Readonly<Record<string, string>> = {
  startUpload: 'the tus protocol: an upload begun twice is abandoned once, and what came lies under its own offset',
  refreshSession: 'a repeated refresh is what a stolen token looks like; a lost answer has a rule of its own',
  offerPasskey: 'changes nothing; each offer has a challenge of its own',
  offerPasskeySignIn: 'changes nothing; each offer has a challenge of its own',
  shareRedaction: 'each time it is carried away must stand in the custody record, with to whom and why',
  downloadEvidence: 'changes nothing but the custody record, in which every download must stand',
  searchAuditEvents: 'changes nothing but the log, in which every search must stand',
  exportCaseAudit: 'changes nothing but the log, in which every export must stand',
  makeManifest: 'changes nothing but the log and custody, in which each must stand',
};

describe('Every field of a request or a reply', () => {
  it('has a description', () => {
    const silent = [...places()].filter(({ named, schema }) => named && !described(schema));
    assert.deepEqual(silent.map(nameOf), []);
  });

  it('is stated in words that JSON Schema has too', () => {
    const vanishing = [...places()].flatMap((place) => vanished(place).map((what) => `${nameOf(place)}: ${what}`));
    assert.deepEqual(vanishing, []);
  });
});

describe('Everything a request may carry', () => {
  it('has a bound on the length of each text', () => {
    assert.deepEqual(
      [...places(REQUEST)].filter(({ schema }) => schema.type === 'string' && !boundedText(schema)).map(nameOf),
      [],
    );
  });

  it('has a bound on the length of each list', () => {
    const endless = [...places(REQUEST)].filter(
      ({ schema }) => schema.type === 'array' && argOf(schema, 'max', 'limit') === undefined,
    );
    assert.deepEqual(endless.map(nameOf), []);
  });

  it('has a bound on each number', () => {
    const endless = [...places(REQUEST)].filter(
      ({ schema }) =>
        schema.type === 'number' &&
        (argOf(schema, 'min', 'limit') === undefined || argOf(schema, 'max', 'limit') === undefined),
    );
    assert.deepEqual(endless.map(nameOf), []);
  });

  it('is closed: no member passes that nobody named', () => {
    const open = [...places(REQUEST)].filter(
      ({ schema }) => schema.type === 'any' || schema.flags?.['unknown'] === true || schema.patterns,
    );
    const reason = 'the payload of another operation, held against that operation’s own schema';
    const known = { 'askReverification body params': reason, 'askReverification body body': reason };
    assert.deepEqual(
      open
        .filter(({ schema }) => !isEnumerated(schema))
        .map(nameOf)
        .toSorted(),
      Object.keys(known).toSorted(),
    );
  });
});

describe('The document', () => {
  it('states every bound, form and list that the schemas enforce', () => {
    for (const route of all) {
      for (const part of PARTS) {
        const schema = route[part];
        if (!schema) continue;
        const enforced = countRules([...placesIn(route, part)]);
        const stated = countKeywords(jsonSchema(schema, part === 'reply' ? 'output' : 'input'));
        for (const [keyword, count] of enforced)
          assert.ok(
            (stated.get(keyword) ?? 0) >= count,
            `${route.id} ${part}: ${keyword} ${stated.get(keyword)}/${count}`,
          );
      }
    }
  });
});

/** What each rule of Joi becomes. A rule that is not here would stand in no document and bind no client. */
const KEYWORDS: Readonly<Record<string, string>> = {
  'string.min': 'minLength',
  'string.max': 'maxLength',
  'string.pattern': 'pattern',
  'string.isoDate': 'format',
  'string.email': 'format',
  'string.uri': 'format',
  'string.base64': 'format',
  'number.integer': 'type',
  'number.min': 'minimum',
  'number.max': 'maximum',
  'array.min': 'minItems',
  'array.max': 'maxItems',
  'array.unique': 'uniqueItems',
  'object.min': 'minProperties',
};

const MEMBERS = new Set(['type', 'flags', 'keys', 'items', 'matches', 'patterns', 'rules', 'allow']);
const FLAGS = new Set(['description', 'presence', 'only', 'default', 'unknown', 'format', 'id']); // of a date: ISO 8601
const TYPES = new Set(['object', 'array', 'string', 'number', 'boolean', 'date', 'alternatives', 'any']);

/** `.custom`, `.xor` and their kin, `.when`, `.link`, references, renaming: what no JSON Schema says. */
function vanished({ schema }: Place): string[] {
  return [
    ...(TYPES.has(schema.type) ? [] : [`type ${schema.type}`]),
    ...Object.keys(schema).filter((member) => !MEMBERS.has(member)),
    ...Object.keys(schema.flags ?? {}).filter((flag) => !FLAGS.has(flag)),
    ...(schema.rules ?? []).filter(({ name }) => !KEYWORDS[`${schema.type}.${name}`]).map(({ name }) => `rule ${name}`),
    ...(JSON.stringify(schema.rules ?? []).includes('"ref"') ? ['a reference'] : []),
    ...(schema.type === 'any' && !isEnumerated(schema) ? ['anything'] : []),
  ];
}

function countRules(list: readonly Place[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { schema } of list) {
    // Two formats or two patterns of one text cannot both be stated in one keyword; one of each is what we use.
    const keywords = new Set((schema.rules ?? []).map(({ name }) => KEYWORDS[`${schema.type}.${name}`] ?? name));
    for (const keyword of keywords) counts.set(keyword, (counts.get(keyword) ?? 0) + 1);
  }
  return counts;
}

function countKeywords(value: unknown, counts = new Map<string, number>()): Map<string, number> {
  if (typeof value !== 'object' || value === null) return counts;
  for (const [name, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) counts.set(name, (counts.get(name) ?? 0) + 1);
    countKeywords(inner, counts);
  }
  return counts;
}

const described = ({ flags }: Described): boolean =>
  typeof flags?.['description'] === 'string' && flags['description'].length >= 3;

/** Bounded by a list, by `max`, or by a pattern that is anchored and repeats nothing endlessly. */
function boundedText(schema: Described): boolean {
  if (isEnumerated(schema) || argOf(schema, 'max', 'limit') !== undefined) return true;
  const pattern = String(argOf(schema, 'pattern', 'regex') ?? '');
  return /^\/\^(?!.*\|[^)]*$).*\$\/$/.test(pattern) && !/(?<!\\)[*+](?![^[]*\])|\{\d+,\}/.test(pattern);
}

const idOf = ({ id }: { id: string }): string => id;
const repeated = (names: readonly string[]): string[] => names.filter((name, index) => names.indexOf(name) !== index);

const document = apiDocument();
const operationOf = (route: AnyRoute<never>): { responses: Record<string, unknown> } => {
  const paths = document['paths'] as Record<string, Record<string, { responses: Record<string, unknown> }>>;
  return paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method] as { responses: Record<string, unknown> };
};
