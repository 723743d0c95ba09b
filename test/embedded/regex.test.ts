import assert from 'node:assert/strict';
import { javaScriptRegex, nextMatch } from '../../src/embedded/regex.js';

/** What pcre2pattern(3) says. */
describe('embedded store: regular expressions', () => {
  /** What each finds first in a text; undefined: nothing. */
  const match = (
    rows: readonly [given: [pattern: string, text: string, options?: string], found: string | undefined][],
  ) => {
    for (const [[pattern, text, options = ''], found] of rows)
      assert.equal(javaScriptRegex(pattern, options).exec(text)?.[0], found, `/${pattern}/${options} in ${text}`);
  };
  const refuses = (pattern: string, code: number, options = '') =>
    assert.throws(() => javaScriptRegex(pattern, options), { code }, pattern);

  it('see characters where JavaScript sees halves of them', () => {
    match([
      [['^.$', '😀'], '😀'],
      [['[😁-😃]', '😀😂'], '😂'],
      [['\\x{1F600}|\\x{e9}', 'é'], 'é'],
      [['\\p{Lu}\\pL\\P{L}', 'xÉé1'], 'Éé1'],
      [['\\p{Han}+', 'a中文b'], '中文'],
      [['[^\\p{greek}]', 'λa'], 'a'],
      [['Σ', 'ς', 'i'], 'ς'],
    ]);
  });

  it('end where a line ends, before its last break too', () => {
    match([
      [['a$', 'a\n'], 'a'],
      [['a\\z', 'a\n'], undefined],
      [['a\\Z', 'a\n'], 'a'],
      [['\\Ab', 'a\nb', 'm'], undefined],
      [['^b', 'a\nb', 'm'], 'b'],
      [['^b', 'a\rb', 'm'], undefined],
      [['^$', 'a\n', 'm'], undefined],
      [['a.b', 'a\u2028b'], 'a\u2028b'],
      [['a.b', 'a\nb'], undefined],
      [['a.b', 'a\nb', 's'], 'a\nb'],
      [['a\\Rb', 'a\r\nb'], 'a\r\nb'],
    ]);
  });

  it('know classes and escapes that JavaScript does not', () => {
    match([
      [['[[:alpha:][:digit:]]+', '-a1-'], 'a1'],
      [['[[:^space:]]+', ' ab '], 'ab'],
      [['[]a]+', 'x]a]'], ']a]'],
      [['[^]a]+', ']x]'], 'x'],
      [['\\s', 'a\u00a0b'], undefined],
      [['[^\\S]', 'a\tb'], '\t'],
      [['\\h', 'a\u00a0b'], '\u00a0'],
      [['\\v', 'v\n'], '\n'],
      [['\\Q.*\\E+', 'a.**'], '.**'],
      [['\\101\\x42\\e', 'AB\x1b'], 'AB\x1b'],
      [['\\-\\_\\/{', '-_/{'], '-_/{'],
      [['a{b}', 'a{b}'], 'a{b}'],
      [['[a&&b-]+', 'x&-b'], '&-b'],
    ]);
  });

  it('repeat what is not in a class, and any character', () => {
    match([
      [['a.*b', 'axxb', 's'], 'axxb'],
      [['^.{3}$', 'abc', 's'], 'abc'],
      [['(?s)a.*b', 'a\nxb'], 'a\nxb'],
      [['(?:[^a]b)+', 'ab'], undefined],
      [['(?:.b)+', 'ab'], 'ab'],
      [['(?:[^/]+/)+', 'a/b/c'], 'a/b/'],
      [['(?:\\S+ )+end', 'one two end'], 'one two end'],
      [['(?:.*\\n)+', 'x\n'], 'x\n'],
      [['(?:^b\n?)+', 'a\nb', 'm'], 'b'],
      [['\\W', 'k', 'i'], undefined],
      [['[^\\W]', 'k', 'i'], 'k'],
      [['\\R\\n', '\r\n'], undefined],
      [['\\p{Han}', '〆'], '〆'],
    ]);
  });

  it('say so when a text is too long for them', () => {
    const long = 'ab'.repeat(8_000_000);
    assert.throws(() => nextMatch(javaScriptRegex('^(?:a|b)*c', ''), long), { code: 51156 });
  });

  it('take groups, options and comments in PCRE2 words', () => {
    match([
      [['(a)\\g{1}', 'aa'], 'aa'],
      [['(a)(b)(c)(d)(e)(f)(g)(h)(i)\\\\(j)\\10', 'abcdefghi\\jj'], 'abcdefghi\\jj'],
      [['\\10(a)', '\ba'], '\ba'],
      [['(?i)ab', 'AB'], 'AB'],
      [['a(?s:.)b.', 'a\nb\n'], undefined],
      [['a b # c\n c', 'abc', 'x'], 'abc'],
      [['a(?#b)c', 'ac'], 'ac'],
      [['(?=ab)*a', 'a'], 'a'],
      [['(?<=a|bc)d', 'bcd'], 'd'],
    ]);
    assert.equal(javaScriptRegex('(?P<n>a)(?P=n)', '').exec('aa')?.groups?.['n'], 'a');
  });

  it('are refused where PCRE2 refuses them', () => {
    const groups = ['(', ')', '(?<n>a)(?<n>b)', '\\k<x>', '(?<=a+)b', '(?<=a?)b', '(?<=\\R)'];
    const sets = ['[a', '[b-a]', '[\\d-z]', '[[:foo:]]', '[[:__proto__:]]', '[:alpha:]'];
    const others = ['a**', '^*', 'a(?s)+', 'a{65536}', '\\', '\\y', '\\x{}', '\\x{d800}', '\\x{110000}'];
    for (const pattern of [...groups, ...sets, ...others]) refuses(pattern, 51091);
  });

  it('are refused where JavaScript has nothing like it, or something else', () => {
    const groups = ['(?>a)', '(?|a|b)', '(?R)', '(*ACCEPT)', 'a(*UTF)', '(?(1)a)', 'a(?i)b', '(?i:a)', '(?xx)a'];
    const references = [
      '\\1(a)',
      '(a)?\\1',
      '(a)(?#b)?\\1',
      '(a)\\E?\\1',
      '(?:(a)|b)\\1',
      '(a)|\\1',
      '(?:(a)b)*\\1',
      '(a\\1)',
      '(?<=(a)\\1)b',
      '(?=(a))\\1',
    ];
    const others = [
      'a*+',
      'a\\Kb',
      '\\G',
      '\\X',
      '[[:<:]]',
      '\\N{U+41}',
      '(?i)\\p{Lu}',
      '(?i)[[:^upper:]]',
      '\\p{Foo}',
    ];
    for (const pattern of [...groups, ...references, ...others]) refuses(pattern, 238);
  });
});
