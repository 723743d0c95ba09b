import assert from 'node:assert/strict';
import { type Amount, Sums } from '../../src/evidence/sums.js';

const FILE: Amount = { files: 1, bytes: 10 };
const upTo = (most: number) => (sum: Amount) => (sum.bytes + FILE.bytes > most ? new Error(`${sum.bytes}`) : undefined);

describe('remembered sums', () => {
  let there: Amount;
  let reads: number;
  let sums: Sums<Amount>;
  beforeEach(() => {
    there = { files: 2, bytes: 20 };
    reads = 0;
    sums = new Sums();
  });

  const read = async () => {
    reads += 1;
    return there;
  };
  const add = (most: number, about = 'a case') => sums.add(about, FILE, read, upTo(most));

  it('are read once for many that come at once, each of whom counts for the next', async () => {
    await Promise.all([add(100), add(100), add(100)]);
    await add(100);
    assert.equal(reads, 1);
    there = { files: 6, bytes: 60 };
    await add(61).then(
      () => assert.fail('what came since must count'),
      ({ message }) => assert.equal(message, '60'),
    );
  });

  it('refuse nobody by what is remembered: what was not committed in the end is not there', async () => {
    await add(40);
    await add(40);
    await add(40);
    assert.equal(reads, 2);
  });

  it('are apart for each case and person', async () => {
    await add(30);
    await add(30, 'another');
    assert.equal(reads, 2);
  });

  it('are asked for again when reading failed', async () => {
    const away = new Error('away');
    await assert.rejects(
      sums.add('a case', FILE, () => Promise.reject(away), upTo(100)),
      away,
    );
    await add(100);
    assert.equal(reads, 1);
  });
});
