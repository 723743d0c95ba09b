import { CommandError, notSupported } from './errors.js';

/** How a pattern is read from some place on, to the end of its group. */
interface Mode {
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
  /** Whether it says what lies behind a place. */
  readonly behind: boolean;
}

/** A piece of a class in square brackets; `single` for one character, which a range may begin or end with. */
interface Atom {
  readonly text: string;
  readonly single: boolean;
}

/** Inside square brackets. */
const WHITE = '\\t-\\r ';
const HORIZONTAL = '\\t \\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000';
const VERTICAL = '\\n-\\r\\u0085\\u2028\\u2029';
const SETS: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[A-Za-z0-9_]',
  W: '[^A-Za-z0-9_]',
  s: `[${WHITE}]`,
  S: `[^${WHITE}]`,
  h: `[${HORIZONTAL}]`,
  H: `[^${HORIZONTAL}]`,
  v: `[${VERTICAL}]`,
  V: `[^${VERTICAL}]`,
};
const NAMED_SETS: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  lower: 'a-z',
  upper: 'A-Z',
  alnum: 'A-Za-z0-9',
  ascii: '\\0-\\x7f',
  blank: '\\t ',
  cntrl: '\\0-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  print: '\\x20-\\x7e',
  punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
  space: WHITE,
  word: 'A-Za-z0-9_',
  xdigit: 'A-Fa-f0-9',
};
const CHARACTERS: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, f: 12, r: 13, e: 27 };
/** Of a place, not of a character. */
const PLACES: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  Z: '(?=\\n?$)',
  b: '\\b',
  B: '\\B',
  N: '[^\\n]',
  R: `(?:\\r\\n|[${VERTICAL}])`,
};

/**
 * A regular expression of MongoDB's, which has PCRE2 compile it for UTF-8, as one of JavaScript's that matches the same.
 * Source: pcre2pattern(3).
 *
 * @param options any of `imsxu`
 * @throws CommandError `code` where PCRE2 refuses it; 238 for what JavaScript has nothing like (atomic groups, possessive
 * quantifiers, recursion, conditions, `\K`, case by parts)
 */
export function javaScriptRegex(pattern: string, options: string, code = 51091): RegExp {
  const translator = new Translator(pattern, options);
  try {
    const source = translator.whole();
    return new RegExp(source, translator.ignoresCase ? 'vi' : 'v');
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(code, `Regular expression is invalid: ${pattern}`);
  }
}

/** Every literal that is no letter or digit is written by its number: then it means nothing else anywhere. */
const literal = (point: number | string): string => {
  const character = typeof point === 'string' ? point : String.fromCodePoint(point);
  return /^[A-Za-z0-9]$/.test(character) ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`;
};

const refuse = (what: string) => notSupported(`${what} in a regular expression`);

class Translator {
  ignoresCase: boolean;
  readonly #pattern: string;
  /** Groups that are open: how to read on after them, and what ends them. */
  readonly #outer: { readonly mode: Mode; readonly end: string }[] = [];
  readonly #groups: number;
  #mode: Mode;
  #at = 0;

  constructor(pattern: string, options: string) {
    this.#pattern = pattern;
    this.ignoresCase = options.includes('i');
    this.#mode = {
      multiline: options.includes('m'),
      dotAll: options.includes('s'),
      extended: options.includes('x'),
      behind: false,
    };
    this.#groups = (pattern.match(/(?<!\\)\((?!\?(?!P?<\w|'))/g) ?? []).length;
  }

  whole(): string {
    let out = '';
    while (this.#at < this.#pattern.length) out += this.#piece(out === '');
    if (this.#outer.length > 0) throw new Error('a group is not closed');
    return out;
  }

  #piece(first: boolean): string {
    const { multiline, dotAll, extended } = this.#mode;
    const character = this.#next();
    switch (character) {
      case '\\':
        return this.#escape();
      case '[':
        return this.#class();
      case '(':
        return this.#group(first);
      case ')': {
        const outer = this.#outer.pop();
        if (!outer) throw new Error('a group is not opened');
        this.#mode = outer.mode;
        return outer.end;
      }
      case '.':
        return dotAll ? '[^]' : '[^\\n]';
      case '^':
        return multiline ? '(?<=^|\\n(?=[^]))' : '^';
      case '$':
        return multiline ? '(?=\\n|$)' : '(?=\\n?$)';
      case '{': {
        const counted = this.#take(/\d+(?:,\d*)?\}/y);
        return counted ? this.#repeated(`{${counted[0]}`) : literal('{');
      }
      case '*':
      case '+':
      case '?':
        return this.#repeated(character);
      case '|':
        return character;
      default:
        if (extended && /[\t-\r ]/.test(character)) return '';
        if (extended && character === '#') {
          this.#take(/[^\n]*\n?/y);
          return '';
        }
        return literal(character);
    }
  }

  #repeated(quantifier: string): string {
    if (this.#mode.behind && /[*+]|,\}/.test(quantifier)) throw new Error('what lies behind has no bounds');
    if (this.#take(/\+/y)) throw refuse('a possessive quantifier');
    return quantifier + (this.#take(/\?/y)?.[0] ?? '');
  }

  #escape(): string {
    const place = this.#take(/[AzZbBNR]/y);
    if (place) return PLACES[place[0]]!;
    const quoted = this.#take(/Q(.*?)(?:\\E|$)/sy);
    if (quoted) return [...quoted[1]!].map(literal).join('');
    if (this.#take(/E/y)) return '';
    const [, named] = this.#take(/k(?:<(\w+)>|\{(\w+)\}|'(\w+)')|g\{([A-Za-z_]\w*)\}/y)?.filter(Boolean) ?? [];
    if (named) return `\\k<${named}>`;
    const back = this.#take(/g\{(\d+)\}|g(\d+)/y) ?? this.#backReference();
    if (back) return `(?:\\${Number(back[1] ?? back[2])})`;
    return this.#inClassOrOut().text;
  }

  /** `\1` to `\9` are always one; larger numbers only where there are so many groups. */
  #backReference(): RegExpExecArray | undefined {
    const number = /[1-9]\d*/y;
    number.lastIndex = this.#at;
    const found = number.exec(this.#pattern);
    if (!found || (Number(found[0]) > 9 && Number(found[0]) > this.#groups)) return undefined;
    return this.#take(/([1-9]\d*)/y);
  }

  /** What follows a backslash and means the same in square brackets and outside. */
  #inClassOrOut(): Atom {
    const single = (point: number | string): Atom => ({ text: literal(point), single: true });
    const hex = this.#take(/x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{0,2})/y);
    if (hex) return single(Number.parseInt(hex[1] ?? (hex[2] || '0'), 16));
    const octal = this.#take(/o\{([0-7]+)\}|([0-7]{1,3})/y);
    if (octal) return single(Number.parseInt(octal[1] ?? octal[2]!, 8));
    const property = this.#take(/([pP])(?:\{(\^?)([\w&]+)\}|([A-Z]))/y);
    if (property) return { text: propertyOf(property), single: false };
    const control = this.#take(/c([\x20-\x7e])/y);
    if (control) return single(control[1]!.toUpperCase().charCodeAt(0) ^ 64);
    const character = this.#next();
    if (Object.hasOwn(SETS, character)) return { text: SETS[character]!, single: false };
    if (Object.hasOwn(CHARACTERS, character)) return single(CHARACTERS[character]!);
    if (/[KGXCgk]/.test(character)) throw refuse(`\\${character}`);
    if (/[A-Za-z0-9]/.test(character)) throw new Error(`\\${character} means nothing`);
    return single(character);
  }

  #class(): string {
    const negated = this.#take(/\^/y) ? '^' : '';
    let out = '';
    for (let first = true; first || !this.#take(/\]/y); first = false) {
      const from = this.#atom();
      const to = this.#take(/-(?!\])/y) ? this.#atom() : undefined;
      if (to && !(from.single && to.single)) throw new Error('a range from or to a set');
      out += to ? `${from.text}-${to.text}` : from.text;
    }
    return `[${negated}${out}]`;
  }

  #atom(): Atom {
    const named = this.#take(/\[:(\^?)(\w+):\]/y);
    if (named) {
      const set = NAMED_SETS[named[2]!];
      if (set === undefined) throw new Error('no such class');
      return { text: `[${named[1]}${set}]`, single: false };
    }
    const character = this.#next();
    if (character !== '\\') return { text: literal(character), single: true };
    if (this.#take(/b/y)) return { text: '\\x08', single: true };
    if (/[QE]/.test(this.#pattern[this.#at] ?? '')) throw refuse('\\Q or \\E in square brackets');
    return this.#inClassOrOut();
  }

  #group(first: boolean): string {
    if (this.#take(/\*UTF8?\)/y)) return '';
    if (this.#take(/\?#[^)]*\)/y)) return '';
    const again = this.#take(/\?P=(\w+)\)/y);
    if (again) return `\\k<${again[1]}>`;
    const set = this.#take(/\?([imsx]*)(?:-([imsx]+))?\)/y);
    if (set) {
      this.#turn(set[1] ?? '', set[2] ?? '', first);
      return '';
    }
    const around = this.#take(/\?<?[=!]/y); // in a group of its own, for it may be repeated
    this.#outer.push({ mode: this.#mode, end: around ? '))' : ')' });
    if (around) {
      if (around[0][1] === '<') this.#mode = { ...this.#mode, behind: true };
      return `(?:(${around[0]}`;
    }
    const named = this.#take(/\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/y);
    if (named) return `(?<${named[1] ?? named[2]}>`;
    const within = this.#take(/\?([msx]*)(?:-([msx]+))?:/y);
    if (within) {
      this.#turn(within[1] ?? '', within[2] ?? '', false);
      return '(?:';
    }
    if (this.#take(/[?*]/y)) throw refuse('such a group');
    return '(';
  }

  /** @throws CommandError where case begins or ceases to matter in the middle */
  #turn(on: string, off: string, first: boolean): void {
    if (/i/.test(on + off)) {
      if (!first) throw refuse('case that matters in one part only');
      this.ignoresCase = !off.includes('i');
    }
    const now = (letter: string, before: boolean) => !off.includes(letter) && (before || on.includes(letter));
    const { multiline, dotAll, extended, behind } = this.#mode;
    this.#mode = { multiline: now('m', multiline), dotAll: now('s', dotAll), extended: now('x', extended), behind };
  }

  #next(): string {
    const point = this.#pattern.codePointAt(this.#at);
    if (point === undefined) throw new Error('it ends too early');
    const character = String.fromCodePoint(point);
    this.#at += character.length;
    return character;
  }

  /** Goes past what `expected`, a sticky one, finds here. */
  #take(expected: RegExp): RegExpExecArray | undefined {
    expected.lastIndex = this.#at;
    const found = expected.exec(this.#pattern);
    if (found) this.#at += found[0].length;
    return found ?? undefined;
  }
}

/** General categories have names of one or two letters, scripts and properties longer ones. */
function propertyOf([, kind, caret, braced, letter]: RegExpExecArray): string {
  const given = (braced ?? letter)!;
  const name = given[0]!.toUpperCase() + given.slice(1).toLowerCase();
  const negated = (kind === 'P') !== (caret === '^');
  if (name === 'Any') return negated ? '[^\\0-\\u{10ffff}]' : '[\\0-\\u{10ffff}]';
  if (name === 'L&') return `[${negated ? '^' : ''}\\p{Lu}\\p{Ll}\\p{Lt}]`;
  return `\\${negated ? 'P' : 'p'}{${isScript(name) ? `sc=${name}` : name}}`;
}

function isScript(name: string): boolean {
  try {
    return name.length > 2 && new RegExp(`\\p{sc=${name}}`, 'v') !== undefined;
  } catch {
    return false;
  }
}
