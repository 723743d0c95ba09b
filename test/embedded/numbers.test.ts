import assert from 'node:assert/strict';
import { mongo } from 'mongoose';
import { asking, ONE } from './asking.js';
import { type Fixture, openFixture } from './support.js';

const { Decimal128, Double, Int32, Long } = mongo;

/** What MongoDB's manual says, and a full engine answers; numbers with their types. */
describe('embedded store: numbers in expressions', () => {
  let store: Fixture;
  before(async () => {
    store = await openFixture();
    await store.db.collection('one').insertOne({ ...ONE });
  });
  after(() => store.close());

  const { gives, fails } = asking(() => store.db);

  it('keeps numbers in their bounds, and bits of longs', async () => {
    for (const [expression, code] of [
      [{ $ln: 0 }, 28766],
      [{ $log10: -1 }, 28761],
      [{ $sqrt: -1 }, 28714],
      [{ $log: [3, 1] }, 28759],
      [{ $acos: 2 }, 50989],
      [{ $sin: '$s' }, 28765],
      [{ $bitAnd: ['$i', 1.5] }, 14],
      [{ $subtract: [1] }, 16020],
      [{ $reverseArray: [1, 2] }, 16020],
      [{ $range: [0.5, 2] }, 34444],
      [{ $toHashedIndexKey: '$i' }, 31325],
    ] as const)
      await fails(expression, code);
    await gives({ $bitOr: ['$l', 2] }, Long.fromString('9007199254740995'));
    await gives({ $bitNot: '$l' }, Long.fromString('-9007199254740994'));
    for (const operator of ['$bitAnd', '$bitOr', '$bitXor']) {
      await gives({ [operator]: [1, null, '$s'] }, null);
      await fails({ [operator]: ['$s', '$missing'] }, 14);
    }
    await gives({ $pow: [Decimal128.fromString('1.10'), 3] }, Decimal128.fromString('1.331000'));
    await gives({ $divide: [Decimal128.fromString('100'), 10] }, Decimal128.fromString('10'));
    await gives({ $tsSecond: '$ts' }, Long.fromNumber(5));
    await gives({ $percentile: { input: [1, 2, 3, 4], p: [0.5, 0.9], method: 'approximate' } }, [
      new Double(2),
      new Double(4),
    ]);
  });

  it('rounds in every type: to its digits, its zero, and its end', async () => {
    const [int, double, long, decimal] = [
      (n: number) => new Int32(n),
      (n: number) => new Double(n),
      Long.fromString,
      Decimal128.fromString,
    ];
    for (const [operator, value, expected] of [
      ['$ceil', double(-0), double(-0)],
      ['$floor', double(-0), double(-0)],
      ['$ceil', decimal('-0.4'), decimal('-0')],
      ['$ceil', decimal('1234567890123456789012345.678'), decimal('1234567890123456789012346')],
      ['$floor', decimal('-1.5'), decimal('-2')],
      ['$floor', decimal('1E+30'), decimal(`1${'0'.repeat(30)}`)],
      ['$trunc', double(-0), double(-0)],
      ['$round', double(-0.4), double(-0)],
      ['$round', decimal('-0'), decimal('-0')],
      ['$round', double(1e300), double(1e300)],
      ['$round', double(Number.NEGATIVE_INFINITY), double(Number.NEGATIVE_INFINITY)],
      ['$round', [double(1e25), 10], double(1e25)],
      ['$round', [double(2.675), 2], double(2.67)],
      ['$round', [double(-4), -1], double(-0)],
      ['$round', [decimal('-4'), -1], decimal('-0E+1')],
      ['$round', [decimal('1.5'), 5], decimal('1.50000')],
      ['$round', [decimal('1.298'), 100], decimal('1.298000000000000000000000000000000')],
      ['$round', [int(2147483647), -1], long('2147483650')],
      ['$round', [int(25), -1], int(20)],
      ['$round', [long('9007199254740993'), -1], long('9007199254740990')],
      ['$trunc', [long('9223372036854775807'), -1], long('9223372036854775800')],
      ['$trunc', [int(1), double(1)], int(1)],
      ['$abs', double(Number.NEGATIVE_INFINITY), double(Number.POSITIVE_INFINITY)],
      ['$abs', decimal('-0.40'), decimal('0.40')],
      ['$abs', int(-2147483648), long('2147483648')],
    ] as const)
      await gives({ [operator]: value }, expected);
    await fails({ $round: [long('9223372036854775806'), -1] }, 51080);
    await fails({ $abs: long('-9223372036854775808') }, 28680);
    await fails({ $round: [1, 101] }, 51083);
    await fails({ $trunc: [1, 1.5] }, 51082);
    await fails({ $round: ['$s', null] }, 51081);
    await gives({ $round: [null, '$s'] }, null);
  });

  it('sums up without loss, in whatever order, and rounds once at the end', async () => {
    const decimal = (digits: string) => Decimal128.fromString(digits);
    await gives({ $sum: [0.1, 0.2, 0.3] }, 0.6);
    await gives({ $sum: [1e300, 1, -1e300] }, new Double(1));
    await gives({ $sum: [-1e300, 1.5, 1e300, null, 'x'] }, 1.5);
    await gives({ $avg: [0.1, 0.2, 0.3] }, 0.6 / 3);
    await gives({ $sum: [new Double(1e308), new Double(1e308)] }, new Double(Infinity));
    await gives({ $sum: [new Double(Infinity), new Double(-Infinity)] }, new Double(Number.NaN));
    await gives({ $sum: [2147483647, 1] }, Long.fromNumber(2147483648));
    const greatest = Long.MAX_VALUE;
    await gives({ $sum: [greatest, 1, -1] }, greatest);
    await gives({ $sum: [greatest, greatest, Long.MIN_VALUE] }, greatest.subtract(1));
    await gives({ $sum: [greatest, 1] }, new Double(2 ** 63));
    await gives({ $sum: [decimal('1.50'), 2, 0.5] }, decimal('4.00'));
    await gives({ $sum: [0.1, decimal('1')] }, decimal('1.100000000000000005551115123125783'));
    await gives({ $sum: [new Double(1e33), decimal('1')] }, decimal('999999999999999945575230987042817'));
    await gives({ $sum: [new Double(4e300), decimal('1')] }, decimal('4.000000000000000210019041020817681E+300'));
    await gives({ $sum: [new Double(Infinity), decimal('1')] }, decimal('Infinity'));
    await gives({ $avg: [decimal('1'), new Double(2)] }, decimal('1.5'));
  });

  it('keeps of equal numbers the one that it met first, but with $maxN', async () => {
    const [one, two, whole, exact] = [new Double(1), new Double(2), Long.fromNumber(1), Decimal128.fromString('1')];
    await gives(
      {
        $setUnion: [
          [one, 1],
          [whole, exact, 2, two],
        ],
      },
      [one, 2],
    );
    await gives({ $setDifference: [[one, 1, two, 2], [2]] }, [one]);
    await gives({ $setIntersection: [[one, 1], [1]] }, [one]);
    await gives({ $minN: { input: [whole, one, 1, 0], n: 3 } }, [0, whole, one]);
    // A greater one takes the place of the first of the least; of equal ones the last comes first.
    await gives({ $maxN: { input: [1, one, whole, exact, 0, 2, two], n: 3 } }, [two, 2, whole]);
    await gives({ $maxN: { input: [1, null, one], n: 3 } }, [one, 1]);
    const numbers = store.db.collection<{ _id: number; n: unknown }>('numbers');
    await numbers.insertMany([one, 1, whole, exact, two, 2].map((n, _id) => ({ _id, n })));
    const [grouped] = await numbers
      .aggregate(
        [
          { $sort: { _id: 1 } },
          {
            $group: {
              _id: null,
              set: { $addToSet: '$n' },
              most: { $maxN: { input: '$n', n: 3 } },
              least: { $minN: { input: '$n', n: 2 } },
            },
          },
        ],
        { promoteValues: false },
      )
      .toArray();
    assert.deepEqual(grouped, {
      _id: null,
      set: [one, two],
      most: [new Int32(2), two, whole],
      least: [one, new Int32(1)],
    });
  });

  it('calculates with the largest and the smallest decimals', async () => {
    const decimal = (digits: string) => Decimal128.fromString(digits);
    const [large, small] = [decimal('1E+6144'), decimal('1E-6176')];
    await gives({ $add: [large, small] }, decimal(`1.${'0'.repeat(33)}E+6144`));
    await gives({ $subtract: [small, large] }, decimal(`-1.${'0'.repeat(33)}E+6144`));
    await gives({ $sum: [decimal('1'), large, small] }, decimal(`1.${'0'.repeat(33)}E+6144`));
    await gives({ $multiply: [large, 10] }, decimal('Infinity'));
    await gives({ $multiply: [large, -10] }, decimal('-Infinity'));
    await gives({ $multiply: [small, small] }, decimal('0E-6176'));
    await gives({ $divide: [large, small] }, decimal('Infinity'));
    await gives({ $multiply: [decimal('-Infinity'), small] }, decimal('-Infinity'));
    await gives({ $divide: [small, decimal('Infinity')] }, decimal('0'));
    await gives({ $mod: [decimal('NaN'), 1] }, decimal('NaN'));
    await gives({ $mod: [5, decimal('Infinity')] }, decimal('5'));
    await gives({ $mod: [decimal('Infinity'), 5] }, decimal('NaN'));
    await gives({ $pow: [decimal('123E-3'), -1] }, decimal('8.130081300813008130081300813008130'));
    await gives({ $pow: [large, -1] }, decimal('1E-6144'));
    await gives({ $toBool: small }, true);
    for (const lost of [large, small]) await fails({ $toDouble: lost }, 241);
    await gives({ $toDouble: decimal('-Infinity') }, new Double(-Infinity));
    // MongoDB's src/mongo/platform/decimal128.cpp: a double zero is quantized as others are.
    await gives({ $add: [new Double(0), decimal('1.50')] }, decimal('1.500000000000000'));
    await gives({ $add: [new Double(3), decimal('1.50')] }, decimal('4.50000000000000'));
    await gives({ $add: [0, decimal('1.50')] }, decimal('1.50'));
    const half = decimal('5E-34');
    await gives({ $add: [1, half] }, decimal(`1.${'0'.repeat(33)}`));
    await gives({ $add: [1, half, decimal('1E-100')] }, decimal(`1.${'0'.repeat(33)}`));
    await gives({ $add: [1, decimal('5.0000000000000000000000000000001E-34')] }, decimal(`1.${'0'.repeat(32)}1`));
  });

  // MongoDB's expression.cpp: a whole double to the right of $mod counts as an int.
  it('keeps whole numbers whole in $mod and $pow, and does not multiply out what no long can hold', async () => {
    const long = (digits: string) => Long.fromString(digits);
    await gives({ $mod: [5, new Double(2)] }, 1);
    await gives({ $mod: [long('5'), new Double(2)] }, long('1'));
    await gives({ $mod: [new Double(5), 2] }, new Double(1));
    await gives({ $mod: [5, 2.5] }, new Double(0));
    await gives({ $pow: [3, 39] }, long('4052555153018976267'));
    await gives({ $pow: [-2, 63] }, Long.MIN_VALUE);
    await gives({ $pow: [3, 2147483647] }, new Double(Infinity));
    await gives({ $pow: [3, Long.MAX_VALUE] }, new Double(Infinity));
    await gives({ $pow: [-1, Long.MAX_VALUE] }, long('-1'));
    await gives({ $pow: [1, 2147483647] }, 1);
  });
});
