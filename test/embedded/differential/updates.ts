import { BSONRegExp, Double } from 'bson';
import fc from 'fast-check';
import { allFindable, type Doc, findable, number, scalar, text, value } from './values.js';

const target = fc.constantFrom(
  'a',
  'b',
  'n',
  'l',
  's',
  'a.x',
  'a.y',
  'l.0',
  'l.1',
  'a.0',
  'a.x.y',
  'l.0.x',
  'z',
  'z.k',
  'l.5',
  'n.x',
);
const comparable = target.filter((name) => name !== 'b');
const array = fc.constantFrom('l', 'a', 'z', 'a.x', 'n');
const one = (operator: string, names: fc.Arbitrary<string>, operand: fc.Arbitrary<unknown>): fc.Arbitrary<Doc> =>
  fc.tuple(names, operand).map(([name, of]) => ({ [operator]: { [name]: of } }));

/** To the engine -0 and 0 are two results: so nothing is added that would make one of the other, and nothing multiplied. */
const amount = (n: unknown): number => (n instanceof Double ? n.value : Number(String(n)));
const adding = number.filter((n) => amount(n) !== 0);
const multiplying = number.filter((n) => amount(n) >= 0 && !Object.is(amount(n), -0));

const push = fc.oneof(
  value,
  fc.record(
    {
      $each: fc.array(fc.oneof(number, fc.record({ x: scalar })), { minLength: 1, maxLength: 3 }),
      $position: fc.integer({ min: -2, max: 3 }),
      $slice: fc.constantFrom(-3, -1, 1, 2, 4),
      $sort: fc.constantFrom<unknown>(1, -1, { x: 1 }, { x: -1 }),
    },
    { requiredKeys: ['$each'] },
  ),
);
/** To the engine a regular expression is a value to take away, not one that says which. */
const pull = fc.oneof(
  scalar.filter((of) => !(of instanceof BSONRegExp)),
  // Nor is an array unequal to what it has.
  fc
    .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$eq'), scalar)
    .filter(([, of]) => !(of instanceof BSONRegExp))
    .map(([op, of]) => ({ [op]: of })),
  fc.array(scalar, { maxLength: 2 }).map((of) => ({ $in: allFindable(of) })),
  // Of an array it takes a field for null.
  fc
    .tuple(fc.constantFrom('x', 'y'), scalar)
    .filter(([, of]) => of !== null)
    .map(([name, of]) => ({ [name]: of })),
  fc.record({ x: fc.record({ $gte: number }) }),
);

const operator: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 4, arbitrary: one('$set', target, value) },
  { weight: 2, arbitrary: one('$unset', target, fc.constant('')) },
  { weight: 3, arbitrary: one('$inc', fc.oneof(fc.constant('n'), target), adding) },
  { weight: 2, arbitrary: one('$mul', fc.oneof(fc.constant('n'), target), multiplying) },
  { weight: 2, arbitrary: one('$min', comparable, scalar) },
  { weight: 2, arbitrary: one('$max', comparable, scalar) },
  { weight: 3, arbitrary: one('$push', array, push) },
  {
    weight: 2,
    arbitrary: one(
      '$addToSet',
      array,
      fc.oneof(
        value.map(findable),
        fc.array(value.map(findable), { minLength: 1, maxLength: 3 }).map((of) => ({ $each: of })),
      ),
    ),
  },
  { weight: 1, arbitrary: one('$pop', array, fc.constantFrom(1, -1)) },
  { weight: 2, arbitrary: one('$pull', array, pull) },
  { weight: 1, arbitrary: one('$pullAll', array, fc.array(scalar, { maxLength: 3 })) },
  {
    weight: 1,
    arbitrary: one('$rename', fc.constantFrom('a', 'n', 'l', 's', 'z', 'n.x', 'a.x'), fc.constantFrom('r', 'b', 'q')),
  },
  { weight: 1, arbitrary: one('$setOnInsert', target, value) },
  {
    weight: 1,
    arbitrary: one('$bit', fc.constantFrom('n', 'z', 'a.x'), fc.constantFrom<Doc>({ and: 5 }, { or: 3 }, { xor: 1 })),
  },
  { weight: 1, arbitrary: one('$inc', fc.constantFrom('l.$[]', 'l.$[].x', 'l.$[e].x', 'l.$'), adding) },
  {
    weight: 1,
    arbitrary: one('$set', fc.constantFrom('l.$[]', 'l.$[e]', 'l.$[e].x', 'l.$', 'l.$.y', 'a.$[]'), scalar),
  },
);

const merge = (parts: readonly Doc[]): Doc => {
  const whole: Doc = {};
  for (const part of parts)
    for (const [name, operand] of Object.entries(part))
      whole[name] = { ...(whole[name] as Doc | undefined), ...(operand as Doc) };
  return whole;
};

const pipeline = fc.constantFrom<Doc[]>(
  [{ $set: { m: '$n' } }],
  [{ $set: { m: { $add: ['$_id', 1] } } }],
  [{ $set: { 'a.x': 7 } }, { $unset: ['b'] }],
  [{ $project: { a: 1, n: 1 } }],
  [{ $replaceWith: { _id: '$_id', whole: '$$ROOT' } }],
  [{ $set: { n: { $cond: [{ $gt: ['$n', 1] }, '$n', 0] } } }],
  [{ $addFields: { l: { $concatArrays: [{ $ifNull: [{ $cond: [{ $isArray: '$l' }, '$l', []] }, []] }, [1]] } } }],
  [{ $set: { s: { $concat: ['p-', { $ifNull: ['$s', '?'] }] } } }],
);
const replacement = fc.record({ n: number, a: value, s: text }, { requiredKeys: ['n'] }) as fc.Arbitrary<Doc>;

/**
 * Which path conflicts with which is told before a document is found here, and only then by the engine; and beside another
 * change it makes documents on the way to an array that is not there to take anything from.
 */
const apart = fc.array(operator, { minLength: 1, maxLength: 2 }).map((parts) => {
  const [first, second] = parts.map((part) => fieldsOf(part));
  const clash = second?.some((name) => first!.includes(name)) || parts.some(takesFromWithin);
  return clash ? parts.slice(0, 1) : parts;
});
const takesFromWithin = (part: Doc): boolean =>
  ['$pop', '$pull', '$pullAll'].some((name) => 'a.x' in ((part[name] as Doc | undefined) ?? {}));
const fieldsOf = (part: Doc): string[] =>
  Object.values(part).flatMap((operand) =>
    Object.entries(operand as Doc).flatMap(([name, to]) =>
      [name, ...(typeof to === 'string' && '$rename' in part ? [to] : [])].map((path) => path.split('.')[0]!),
    ),
  );

export interface Change {
  readonly u: Doc | Doc[];
  readonly arrayFilters?: Doc[];
}

export const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 10,
    arbitrary: apart.chain((parts): fc.Arbitrary<Change> => {
      const u = merge(parts);
      const filters = fc.oneof(
        number.map((of) => [{ e: { $gte: of } }]),
        // The engine compares a regular expression, rather than match with it, and has no null in what is no document.
        scalar.filter((of) => of !== null && !(of instanceof BSONRegExp)).map((of) => [{ 'e.x': of }]),
      );
      return JSON.stringify(Object.values(u).map((part) => Object.keys(part as Doc))).includes('$[e]')
        ? filters.map((arrayFilters) => ({ u, arrayFilters }))
        : fc.constant({ u });
    }),
  },
  { weight: 2, arbitrary: pipeline.map((u) => ({ u })) },
  { weight: 2, arbitrary: replacement.map((u) => ({ u })) },
);
