import assert from 'node:assert/strict';
import { javaScriptRegex, nextMatch } from '../../src/embedded/regex.js';

/** What pcre2pattern(3) says, and a full engine answers. */
describe('embedded store: regular expressions', () => {
  const first = (pattern: string, text: string, options = '') => javaScriptRegex(pattern, options).exec(text)?.[0];
  const refuses = (pattern: string, code: number, options = '') =>
    assert.throws(() => javaScriptRegex(pattern, options), { code }, pattern);

  it('see characters where JavaScript sees halves of them', () => {
    assert.equal(first('^.$', '😀'), '😀');
    assert.equal(first('[😁-😃]', '😀😂'), '😂');
    assert.equal(first('\\x{1F600}|\\x{e9}', 'é'), 'é');
    assert.equal(first('\\p{Lu}\\pL\\P{L}', 'xÉé1'), 'Éé1');
    assert.equal(first('\\p{Han}+', 'a中文b'), '中文');
    assert.equal(first('[^\\p{greek}]', 'λa'), 'a');
    assert.equal(first('Σ', 'ς', 'i'), 'ς');
  });

  it('end where a line ends, before its last break too', () => {
    assert.equal(first('a$', 'a\n'), 'a');
    assert.equal(first('a\\z', 'a\n'), undefined);
    assert.equal(first('a\\Z', 'a\n'), 'a');
    assert.equal(first('\\Ab', 'a\nb', 'm'), undefined);
    assert.equal(first('^b', 'a\nb', 'm'), 'b');
    assert.equal(first('^b', 'a\rb', 'm'), undefined);
    assert.equal(first('^$', 'a\n', 'm'), undefined);
    assert.equal(first('a.b', 'a\u2028b'), 'a\u2028b');
    assert.equal(first('a.b', 'a\nb'), undefined);
    assert.equal(first('a.b', 'a\nb', 's'), 'a\nb');
    assert.equal(first('a\\Rb', 'a\r\nb'), 'a\r\nb');
  });

  it('know classes and escapes that JavaScript does not', () => {
    assert.equal(first('[[:alpha:][:digit:]]+', '-a1-'), 'a1');
    assert.equal(first('[[:^space:]]+', ' ab '), 'ab');
    assert.equal(first('[]a]+', 'x]a]'), ']a]');
    assert.equal(first('[^]a]+', ']x]'), 'x');
    assert.equal(first('\\s', 'a\u00a0b'), undefined);
    assert.equal(first('[^\\S]', 'a\tb'), '\t');
    assert.equal(first('\\h', 'a\u00a0b'), '\u00a0');
    assert.equal(first('\\v', 'v\n'), '\n');
    assert.equal(first('\\Q.*\\E+', 'a.**'), '.**');
    assert.equal(first('\\101\\x42\\e', 'AB\x1b'), 'AB\x1b');
    assert.equal(first('\\-\\_\\/{', '-_/{'), '-_/{');
    assert.equal(first('a{b}', 'a{b}'), 'a{b}');
    assert.equal(first('[a&&b-]+', 'x&-b'), '&-b');
  });

  it('repeat what is not in a class, and any character', () => {
    assert.equal(first('a.*b', 'axxb', 's'), 'axxb');
    assert.equal(first('^.{3}$', 'abc', 's'), 'abc');
    assert.equal(first('(?s)a.*b', 'a\nxb'), 'a\nxb');
    assert.equal(first('(?:[^a]b)+', 'ab'), undefined);
    assert.equal(first('(?:.b)+', 'ab'), 'ab');
    assert.equal(first('(?:[^/]+/)+', 'a/b/c'), 'a/b/');
    assert.equal(first('(?:\\S+ )+end', 'one two end'), 'one two end');
    assert.equal(first('(?:.*\\n)+', 'x\n'), 'x\n');
    assert.equal(first('(?:^b\n?)+', 'a\nb', 'm'), 'b');
    assert.equal(first('\\W', 'k', 'i'), undefined);
    assert.equal(first('[^\\W]', 'k', 'i'), 'k');
    assert.equal(first('\\R\\n', '\r\n'), undefined);
    assert.equal(first('\\p{Han}', '〆'), '〆');
  });

  it('say so when a text is too long for them', () => {
    const long = 'ab'.repeat(8_000_000);
    assert.throws(() => nextMatch(javaScriptRegex('^(?:a|b)*c', ''), long), { code: 51156 });
  });

  it('take groups, options and comments in PCRE2 words', () => {
    assert.equal(javaScriptRegex('(?P<n>a)(?P=n)', '').exec('aa')?.groups?.['n'], 'a');
    assert.equal(first('(a)\\g{1}', 'aa'), 'aa');
    assert.equal(first('(a)(b)(c)(d)(e)(f)(g)(h)(i)\\\\(j)\\10', 'abcdefghi\\jj'), 'abcdefghi\\jj');
    assert.equal(first('\\10(a)', '\ba'), '\ba');
    assert.equal(first('(?i)ab', 'AB'), 'AB');
    assert.equal(first('a(?s:.)b.', 'a\nb\n'), undefined);
    assert.equal(first('a b # c\n c', 'abc', 'x'), 'abc');
    assert.equal(first('a(?#b)c', 'ac'), 'ac');
    assert.equal(first('(?=ab)*a', 'a'), 'a');
    assert.equal(first('(?<=a|bc)d', 'bcd'), 'd');
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
