import type { AnyRoute } from '../../src/kernel/route.js';
import { routes } from '../../src/routes.js';

/** What Joi says of a schema; the part of it that the tests of the routes look at. */
export interface Described {
  readonly type: string;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly keys?: Readonly<Record<string, Described>>;
  readonly items?: readonly Described[];
  readonly matches?: readonly Readonly<Record<string, Described>>[];
  readonly patterns?: readonly { readonly rule?: Described }[];
  readonly rules?: readonly { readonly name: string; readonly args?: Readonly<Record<string, unknown>> }[];
  readonly allow?: readonly unknown[];
  readonly [more: string]: unknown;
}

export type Part = 'params' | 'query' | 'body' | 'reply';
export const PARTS = ['params', 'query', 'body', 'reply'] as const satisfies readonly Part[];

/** One schema inside a route: where it stands, and whether it has a name of its own there. */
export interface Place {
  readonly route: string;
  readonly part: Part;
  readonly path: readonly string[];
  readonly named: boolean;
  readonly schema: Described;
}

/** Every schema of every route, from the outside in. */
export function* places(parts: readonly Part[] = PARTS): Generator<Place> {
  for (const route of routes as readonly AnyRoute<never>[]) for (const part of parts) yield* placesIn(route, part);
}

export function* placesIn(route: AnyRoute<never>, part: Part): Generator<Place> {
  const schema = route[part]?.describe() as Described | undefined;
  if (schema) yield* inside({ route: route.id, part, path: [], named: false, schema });
}

function* inside(place: Place): Generator<Place> {
  yield place;
  const { schema, path } = place;
  for (const [name, inner] of Object.entries(schema.keys ?? {}))
    yield* inside({ ...place, path: [...path, name], named: true, schema: inner });
  for (const inner of schema.items ?? [])
    yield* inside({ ...place, path: [...path, '[]'], named: false, schema: inner });
  for (const match of schema.matches ?? [])
    for (const inner of Object.values(match))
      if (typeof inner === 'object' && 'type' in inner) yield* inside({ ...place, named: false, schema: inner });
  for (const { rule } of schema.patterns ?? [])
    if (rule) yield* inside({ ...place, path: [...path, '*'], named: false, schema: rule });
}

export const nameOf = ({ route, part, path }: Place): string => [route, part, ...path].join(' ');

export const argOf = (schema: Described, rule: string, arg: string): unknown =>
  schema.rules?.find(({ name }) => name === rule)?.args?.[arg];

/** Text can be one of a list only, or has the list beside its rules. */
export const isEnumerated = (schema: Described): boolean => schema.flags?.['only'] === true;
