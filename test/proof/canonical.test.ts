import assert from 'node:assert/strict';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonical } from '../../src/proof/canonical.js';

describe('Canonical JSON', () => {
  it('is what another implementation of RFC 8785 makes, for whatever JSON can say', () => {
    const text = fc.string({ unit: 'binary' });
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        tie('leaf'),
        fc.array(tie('tree')),
        fc.dictionary(text, tie('tree')),
      ),
      leaf: fc.oneof(
        text,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
      ),
    }));
    fc.assert(fc.property(tree, (value) => assert.equal(canonical(value), canonicalize(value))));
  });

  it('sorts names as section 3.2.3 of RFC 8785 shows, numerals too', () => {
    const given = JSON.parse(
      '{"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}',
    );
    assert.deepEqual(
      [...canonical(given).matchAll(/:"([^"]+)"/g)].map(([, said]) => said),
      [
        'Carriage Return',
        'One',
        'Control',
        'Latin Small Letter O With Diaeresis',
        'Euro Sign',
        'Emoji: Grinning Face',
        'Hebrew Letter Dalet With Dagesh',
      ],
    );
    assert.equal(canonical({ 10: 1, 9: 2 }), '{"10":1,"9":2}');
  });

  it('leaves out what is undefined, asks whoever can say how it is written, and refuses the rest', () => {
    assert.equal(canonical({ b: undefined, a: new Date(0) }), '{"a":"1970-01-01T00:00:00.000Z"}');
    for (const never of [undefined, Number.NaN, Number.POSITIVE_INFINITY, [undefined], { a: () => 1 }, 1n])
      assert.throws(() => canonical(never), TypeError);
  });
});
