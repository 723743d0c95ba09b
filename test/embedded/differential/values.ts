import { Binary, BSONRegExp, Decimal128, Double, EJSON, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson';
import fc from 'fast-check';

/** A BSON document as it is sent. */
export type Doc = Record<string, unknown>;

const small = fc.integer({ min: -2, max: 6 });

/** Numbers of every type that are often equal by value, and a few at the edges of their types, but NaN. */
export const number: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: small.map((n) => new Int32(n)) },
  { weight: 3, arbitrary: small.map((n) => Long.fromNumber(n)) },
  { weight: 3, arbitrary: small.map((n) => new Double(n / 2)) },
  { weight: 2, arbitrary: small.map((n) => Decimal128.fromString(String(n / 2))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      new Int32(2147483647),
      Long.fromString('9007199254740993'),
      new Double(2 ** 53),
      new Double(1e300),
      new Double(Number.POSITIVE_INFINITY),
      new Double(-0),
      Decimal128.fromString('0.1'),
      new Double(0.1),
      Decimal128.fromString('1.50'),
      Decimal128.fromString('9007199254740993'),
    ),
  },
);

/**
 * Among several values the engine does not find a decimal with a fraction by the double that equals it, nor the other way
 * round, and within documents and arrays no number by one of another type: neither for $in nor for $addToSet.
 */
export function findable(one: unknown): unknown {
  if (one instanceof Double || one instanceof Decimal128)
    return Math.abs(Number(one.toString()) % 1) > 0 ? new Int32(1) : one;
  const within = typeof one === 'object' && !(one instanceof Int32 || one instanceof Long);
  return within && /"\$number/.test(EJSON.stringify(one, { relaxed: false })) ? 'ab' : one;
}
export const allFindable = (list: readonly unknown[]): readonly unknown[] =>
  list.length < 2 ? list : list.map(findable);

export const text = fc.constantFrom('a', 'b', 'ab', 'A', '', 'Zürich', '中文', 'a.b', '$x', 'a\u0000b');

export const scalar: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 8, arbitrary: number },
  { weight: 5, arbitrary: text },
  { weight: 3, arbitrary: fc.constantFrom(null, true, false) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      new Date(0),
      new Date(1000),
      new Date('2024-02-29T12:34:56.789Z'),
      new ObjectId('0'.repeat(24)),
      new ObjectId('65e0a1b2c3d4e5f601234567'),
      new Binary(Buffer.from([1, 2])),
      new Binary(Buffer.from([1, 2]), 128),
      new Timestamp({ t: 7, i: 1 }),
      new Timestamp({ t: 7, i: 2 }),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(new MinKey(), new MaxKey(), new BSONRegExp('^a', 'i')) },
);

export const { value } = fc.letrec<{ value: unknown; document: Doc }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 6, arbitrary: scalar },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 2, arbitrary: tie('document') },
  ),
  document: fc.record({ x: tie('value'), y: tie('value') }, { requiredKeys: [] }) as fc.Arbitrary<Doc>,
}));

/** NaN is less than any number; to $min and $max of the engine it is more, so that it is in no field they are used for. */
export const orNaN = (values: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 80, arbitrary: values }, { weight: 1, arbitrary: fc.constant(new Double(Number.NaN)) });

/** Arrays of numbers and of little documents: what array operators are for. */
const list = fc.oneof(
  fc.array(number, { maxLength: 4 }),
  fc.array(fc.record({ x: scalar, y: scalar }, { requiredKeys: ['x'] }), { maxLength: 3 }),
);

export const id = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 9 }).map((n) => new Int32(n)) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>('a', null, new Double(2.5), Long.fromNumber(3)) },
);

export const document: fc.Arbitrary<Doc> = fc
  .record({ _id: id, a: value, b: orNaN(scalar), n: number, l: list, s: text }, { requiredKeys: ['_id', 'a', 'n'] })
  .map((one) => ({ ...one }));
