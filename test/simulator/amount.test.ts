import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { addAmount } from '../../src/simulator/amount.js';

describe('simulator: amounts', () => {
  it('adds decimal strings exactly, whatever their scale', () => {
    const sums = [
      ['0.1', '0.2', '0.3'],
      ['18250.75', '9500.00', '27750.75'],
      ['99999999999999999999.999999999999999999', '0.000000000000000001', '100000000000000000000.000000000000000000'],
      ['1', '2', '3'],
      ['0', '0.5', '0.5'],
    ] as const;
    for (const [left, right, sum] of sums)
      assert.deepEqual(addAmount([{ asset: 'BTC', amount: left }], { asset: 'BTC', amount: right }), [
        { asset: 'BTC', amount: sum },
      ]);
  });

  it('opens a balance for an asset that had none', () => {
    assert.deepEqual(addAmount([], { asset: 'ETH', amount: '1.50' }), [{ asset: 'ETH', amount: '1.50' }]);
  });
});
