import { BSONRegExp, Double, Int32 } from 'bson';
import fc from 'fast-check';
import { allFindable, type Doc, findable, id, number, orNaN, scalar, text, value } from './values.js';

export const path = fc.constantFrom(
  'a',
  'b',
  'n',
  'l',
  's',
  'a.x',
  'a.y',
  'l.x',
  'l.0',
  'l.1',
  'a.0',
  'a.x.y',
  'l.0.x',
  'z',
);

const ranges = fc
  .tuple(fc.constantFrom('$gt', '$gte', '$lt', '$lte', '$ne', '$eq'), orNaN(scalar))
  .filter(([op, of]) =>
    of instanceof BSONRegExp
      ? op === '$eq'
      : op !== '$eq' || !Number.isNaN(Number(of instanceof Double ? of.value : 0)),
  )
  .map(([op, of]): Doc => ({ [op]: of }));
const lists = fc
  .tuple(fc.constantFrom('$in', '$nin', '$all'), fc.array(value, { minLength: 1, maxLength: 3 }))
  .map(([op, of]): Doc => ({ [op]: op === '$all' ? of : allFindable(of) }));
const types = fc.constantFrom<unknown>(
  'number',
  'int',
  'long',
  'double',
  'decimal',
  'string',
  'array',
  'object',
  'null',
  'bool',
  'date',
  2,
  10,
  16,
);
const regex = fc.constantFrom<unknown>(
  new BSONRegExp('^a', ''),
  new BSONRegExp('B', 'i'),
  { $regex: 'a.b' },
  { $regex: '^[[:upper:]].\\p{L}' },
  { $regex: '(?i)^..$ # two', $options: 'x' },
  { $regex: 'A$', $options: 'i' },
  { $not: new BSONRegExp('^a', '') },
  { $in: [new BSONRegExp('^a', ''), null] },
);
const sortedBy = ['b', 'n', 's', 'z'];
const sortable = fc.constantFrom(...sortedBy);
const plain = fc.oneof(
  ranges,
  lists,
  fc.boolean().map((of): Doc => ({ $exists: of })),
  types.map((of): Doc => ({ $type: of })),
);
const operand: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: value },
  { weight: 6, arbitrary: ranges },
  { weight: 3, arbitrary: lists },
  { weight: 1, arbitrary: fc.boolean().map((of) => ({ $exists: of })) },
  { weight: 1, arbitrary: types.map((of) => ({ $type: of })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map((of) => ({ $size: of })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Doc>(
      { $mod: [2, 0] },
      { $mod: [3, 1] },
      { $bitsAllSet: 1 },
      { $bitsAnySet: [1, 2] },
      { $bitsAllClear: 2 },
    ),
  },
  { weight: 1, arbitrary: regex },
  { weight: 1, arbitrary: plain.map((of) => ({ $not: of })) },
  { weight: 1, arbitrary: ranges.map((of) => ({ $elemMatch: of })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', 'y'), fc.oneof(scalar, ranges))
      // An array in an array counts as a document here, whose fields are missing; to the engine it does not.
      .filter(([, of]) => !/^null$|:null\}$/.test(JSON.stringify(of)))
      .map(([name, of]) => ({ $elemMatch: { [name]: of } })),
  },
  { weight: 1, arbitrary: fc.tuple(number, number).map(([low, high]) => ({ $gte: low, $lt: high })) },
  { weight: 1, arbitrary: fc.tuple(number, number).map(([low, high]) => ({ $elemMatch: { $gt: low, $lte: high } })) },
);
/** By an index of several fields the engine ends in a segmentation fault. */
const crashes = (name: string, of: unknown) => ['b', 'n', 's'].includes(name) && '$elemMatch' in Object(of);
const condition: fc.Arbitrary<Doc> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(path, operand).map(([name, of]) => ({ [crashes(name, of) ? 'l' : name]: of })),
  },
  { weight: 3, arbitrary: id.map((of) => ({ _id: of })) },
  { weight: 1, arbitrary: fc.array(id, { maxLength: 3 }).map((of) => ({ _id: { $in: of } })) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('$gt', '$lte', '$eq'), fc.constantFrom('$a', '$n', '$b'), number)
      // By an index the engine does not find that what is missing is less than any number, nor what is more by its type.
      .map(([op, field, of]) => ({ $expr: { [op]: [op === '$eq' ? field : { $ifNull: [field, null] }, of] } })),
  },
);
/** Equalities within $or are a list of values to the engine. */
const alternative = (part: Doc): Doc =>
  Object.fromEntries(
    Object.entries(part).map(([name, of]) => {
      const [operator] = Object.keys(Object(of));
      if (operator === '$eq' && name !== '$expr') return [name, { $eq: findable((of as Doc)['$eq']) }];
      return [name, operator?.startsWith('$') ? of : findable(of)];
    }),
  );
const several = fc.array(condition, { minLength: 1, maxLength: 3 });

export const filter: fc.Arbitrary<Doc> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 8, arbitrary: several.map((parts) => Object.assign({}, ...parts) as Doc) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('$and', '$or', '$nor'), several)
      .map(([op, parts]) => ({ [op]: op === '$and' ? parts : parts.map(alternative) })),
  },
);

/** Ends in _id: otherwise documents that are equal in it may come in any order. */
export const sort: fc.Arbitrary<Doc> = fc.oneof(
  fc
    .tuple(sortable, fc.constantFrom(1, -1), fc.constantFrom(1, -1))
    .map(([name, way, last]) => ({ [name]: way, _id: last })),
  fc.constantFrom<Doc>({ _id: 1 }, { _id: -1 }, { n: 1, b: -1, _id: 1 }, { s: -1, n: 1, _id: 1 }),
);

/** An empty array comes before null (manual, "Comparison/Sort Order"); the engine takes it for null, so none is sorted. */
export function withoutEmptyArrays(filter: Doc, sort: Doc): Doc {
  const none = Object.keys(sort).filter((name) => sortedBy.includes(name));
  const free = none.filter((name) => !(name in filter));
  const taken = none.filter((name) => name in filter).map((name) => ({ [name]: { $ne: [] } }));
  const whole = { ...filter, ...Object.fromEntries(free.map((name) => [name, { $ne: [] }])) };
  return taken.length > 0 ? { $and: [whole, ...taken] } : whole;
}

export const projection: fc.Arbitrary<Doc> = fc.oneof(
  fc
    .uniqueArray(fc.constantFrom('a', 'b', 'n', 'l.x', 's', 'z'), { minLength: 1, maxLength: 3 })
    .chain((names) =>
      fc.constantFrom(0, 1).map((flag) => Object.fromEntries(names.map((name) => [name, flag])) as Doc),
    ),
  fc.constantFrom<Doc>(
    { _id: 0 },
    { _id: 0, a: 1 },
    { _id: 1 },
    { 'a.x': 1 },
    { 'a.x': 0, _id: 0 },
    { l: { $slice: 1 } },
    { l: { $slice: -2 }, n: 1 },
    { l: { $slice: [1, 2] } },
    { l: { $elemMatch: { x: { $gt: 1 } } } },
    { l: { $elemMatch: { $gte: 1 } }, n: 1 },
    { kind: { $type: '$_id' }, n: 1 },
    { copy: '$a', _id: 0 },
  ),
);

export { text };
export const int = (n: number) => new Int32(n);
