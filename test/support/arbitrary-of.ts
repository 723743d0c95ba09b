import fc from 'fast-check';
import type Joi from 'joi';
import { argOf, type Described, isEnumerated } from './schema-walk.js';

/** What fits a schema, in all its variety: for tests that need a body which only one thing is wrong with. */
export function arbitraryOf(schema: Joi.Schema | undefined): fc.Arbitrary<unknown> {
  if (!schema) return fc.constant(undefined);
  const fits = (value: unknown) => schema.validate(value, { convert: false }).error === undefined;
  return valuesOf(schema.describe() as Described).filter(fits);
}

/** One body with every member that the schema knows; the same at each run. */
export function wholeBody(schema: Joi.Schema): Record<string, unknown> {
  const whole = valuesOf(schema.describe() as Described, true).filter(
    (value) => schema.validate(value, { convert: false }).error === undefined,
  );
  return fc.sample(whole, { numRuns: 1, seed: 7 })[0] as Record<string, unknown>;
}

function valuesOf(schema: Described, whole = false): fc.Arbitrary<unknown> {
  if (schema.allow && isEnumerated(schema)) return fc.constantFrom(...schema.allow);
  const kind: Record<string, () => fc.Arbitrary<unknown>> = {
    string: () => textOf(schema),
    number: () => numberOf(schema),
    boolean: () => fc.boolean(),
    array: () => listOf(schema, whole),
    object: () => objectOf(schema, whole),
    alternatives: () =>
      fc.oneof(
        ...(schema.matches ?? []).flatMap((match) => Object.values(match)).map((inner) => valuesOf(inner, whole)),
      ),
  };
  const make = kind[schema.type];
  if (!make) throw new Error(`no values for ${schema.type}`);
  return make();
}

function numberOf(schema: Described): fc.Arbitrary<number> {
  const [min, max] = [limit(schema, 'min') ?? 0, limit(schema, 'max') ?? 1_000];
  const whole = (schema.rules ?? []).some(({ name }) => name === 'integer');
  return whole ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
}

function textOf(schema: Described): fc.Arbitrary<string> {
  const rules = (schema.rules ?? []).map(({ name }) => name);
  const pattern = argOf(schema, 'pattern', 'regex');
  const most = Math.min(limit(schema, 'max') ?? 200, 200);
  if (rules.includes('email')) return fc.nat(99).map((n) => `somebody${n}@example.org`);
  if (rules.includes('isoDate')) return fc.nat(1_000_000).map((n) => new Date(1.7e12 + n * 1_000).toISOString());
  if (typeof pattern === 'string')
    return fc
      .stringMatching(new RegExp(pattern.slice(1, pattern.lastIndexOf('/'))))
      .filter((text) => text.length <= most);
  return fc.string({ minLength: Math.max(1, limit(schema, 'min') ?? 1), maxLength: most, unit: 'grapheme-ascii' });
}

function listOf(schema: Described, whole: boolean): fc.Arbitrary<unknown[]> {
  const item = fc.oneof(...(schema.items ?? []).map((inner) => valuesOf(inner, whole)));
  const least = Math.max(limit(schema, 'min') ?? 0, whole ? 1 : 0);
  return fc.uniqueArray(item, {
    minLength: least,
    maxLength: Math.max(least, Math.min(limit(schema, 'max') ?? 3, 3)),
    selector: (value) => JSON.stringify(value),
  });
}

function objectOf({ keys = {} }: Described, whole: boolean): fc.Arbitrary<Record<string, unknown>> {
  const members = Object.fromEntries(Object.entries(keys).map(([name, inner]) => [name, valuesOf(inner, whole)]));
  const required = Object.keys(keys).filter((name) => whole || keys[name]?.flags?.['presence'] === 'required');
  return fc.record(members, { requiredKeys: required, noNullPrototype: true }) as fc.Arbitrary<Record<string, unknown>>;
}

const limit = (schema: Described, rule: string): number | undefined =>
  argOf(schema, rule, 'limit') as number | undefined;
