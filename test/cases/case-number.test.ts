import assert from 'node:assert/strict';
import { newCaseNumber, readCaseNumber } from '../../src/cases/case-number.js';

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const bare = (number: string) => number.slice(3).replaceAll('-', '');
const dashed = (letters: string) => `FB-${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
const samples = Array.from({ length: 300 }, newCaseNumber);

describe('case number', () => {
  it('has the form FB-XXXX-XXXX-C and reads back as itself', () => {
    for (const number of samples) {
      assert.match(number, /^FB-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]$/);
      assert.equal(readCaseNumber(number), number);
    }
  });

  it('finds every single wrong letter, the check letter included', () => {
    for (const letters of samples.slice(0, 60).map(bare))
      for (let at = 0; at < 9; at += 1)
        for (const wrong of LETTERS)
          if (wrong !== letters[at])
            assert.equal(readCaseNumber(dashed(letters.slice(0, at) + wrong + letters.slice(at + 1))), null);
  });

  it('finds every two swapped letters, neighbours or not', () => {
    for (const letters of samples.map(bare))
      for (let a = 0; a < 9; a += 1)
        for (let b = a + 1; b < 9; b += 1) {
          const swapped = [...letters];
          [swapped[a], swapped[b]] = [swapped[b] as string, swapped[a] as string];
          if (swapped.join('') !== letters) assert.equal(readCaseNumber(dashed(swapped.join(''))), null);
        }
  });

  it('reads what people write', () => {
    for (const number of samples) {
      const letters = bare(number);
      const spoken = letters.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
      for (const text of [
        number.toLowerCase(),
        letters,
        `fb${spoken}`,
        spoken,
        ` fb ${spoken.slice(0, 4)} ${spoken.slice(4)} `,
        number.replaceAll('-', '\u2013'),
        letters.replaceAll('1', 'I'),
      ])
        assert.equal(readCaseNumber(text), number, text);
    }
  });

  it('reads a number whose own letters begin with FB, with and without the prefix', () => {
    const data = 'FB234567';
    const number = [...LETTERS].map((check) => readCaseNumber(data + check)).find((found) => found !== null);
    assert.ok(number);
    assert.ok(number.startsWith('FB-FB23-4567-'));
    assert.equal(readCaseNumber(number), number);
  });

  it('refuses what is none', () => {
    for (const text of [
      '',
      'FB',
      'FB-0000-0000',
      'FB-UUUU-UUUU-U',
      '0'.repeat(8),
      '0'.repeat(10),
      '0'.repeat(1e6),
      '\0\0\0\0\0\0\0\0\0',
      '１２３４５６７８９',
    ])
      assert.equal(readCaseNumber(text), null);
  });

  it('refuses letters that only become ours when they are made upper case', () => {
    for (const number of samples) {
      const letters = bare(number);
      const lookalike = letters.replaceAll('1', '\u0131').replaceAll('S', '\u017f'); // dotless i, long s
      if (lookalike !== letters) assert.equal(readCaseNumber(lookalike), null, lookalike);
    }
  });
});
