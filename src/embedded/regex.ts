import { CommandError } from './errors.js';
import {
  ANY,
  LAST_POINT,
  NAMED_SETS,
  NO_BREAK,
  numbered,
  propertyOf,
  refuse,
  SETS,
  VERTICAL,
  within,
  without,
} from './regex-sets.js';

/** How a pattern is read from some place on, to the end of its group. */
interface Mode {
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
  /** Whether it says what lies behind a place. */
  readonly behind: boolean;
}

/** A group that is open. */
interface Group {
  /** How to read on after it, and what ends it. */
  readonly mode: Mode;
  readonly end: string;
  /** Where its own capture, if any, and those in it begin among all captures. */
  readonly first: number;
  readonly inner: number;
  /** Whether what is captured in it need not be there after it. */
  unsure: boolean;
}

/** A piece of a class in square brackets; `single` for one character, which a range may begin or end with. */
interface Atom {
  readonly text: string;
  readonly single: boolean;
}

const CHARACTERS: Readonly<Record<string, number>> = { a: 7, t: 9, n: 10, f: 12, r: 13, e: 27 };
/** Outside square brackets only. */
const PLACES: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  Z: '(?=\\n?$)',
  b: '\\b',
  B: '\\B',
  N: NO_BREAK,
  R: `(?:\\r\\n|(?!\\r\\n)[${within(VERTICAL)}])`,
};
const MOST_TIMES = 65_535;

/**
 * A regular expression of MongoDB's, which has PCRE2 compile it for UTF-8, as one of JavaScript's; what differs all the same stands in the
 * README. Source: pcre2pattern(3).
 *
 * @param options any of `imsxu`
 * @throws CommandError `code` where PCRE2 refuses it; 238 for what JavaScript has nothing like
 */
export function javaScriptRegex(pattern: string, options: string, code = 51091): RegExp {
  const translator = new Translator(pattern, options);
  try {
    const source = translator.whole();
    return new RegExp(source, translator.ignoresCase ? 'ui' : 'u'); // not `v`: V8 11 loses negations and repetitions with it
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(code, `Regular expression is invalid: ${pattern}`);
  }
}

/**
 * The next match from `lastIndex` on.
 * @throws CommandError 51156 where a text is too long for what the expression has to remember
 */
export function nextMatch(regex: RegExp, text: string): RegExpExecArray | null {
  try {
    return regex.exec(text);
  } catch (error) {
    throw error instanceof RangeError ? new CommandError(51156, `the text is too long for ${regex.source}`) : error;
  }
}

/** Every literal that is no letter or digit is written by its number: then it means nothing else anywhere. */
const literal = (character: string): string =>
  /^[A-Za-z0-9]$/.test(character) ? character : numbered(character.codePointAt(0)!);

class Translator {
  ignoresCase: boolean;
  readonly #pattern: string;
  readonly #open: Group[] = [];
  /** Of each group that captures: whether it surely has captured something. */
  readonly #captured: boolean[] = [];
  readonly #capturing = new Set<number>();
  readonly #names = new Map<string, number>();
  #mode: Mode;
  #at = 0;
  /** The captures of the group that has just ended, if the last piece was one. */
  #ended: { readonly from: number; readonly to: number } | undefined;

  constructor(pattern: string, options: string) {
    this.#pattern = pattern;
    this.ignoresCase = options.includes('i');
    this.#mode = {
      multiline: options.includes('m'),
      dotAll: options.includes('s'),
      extended: options.includes('x'),
      behind: false,
    };
  }

  whole(): string {
    let out = '';
    while (this.#at < this.#pattern.length) out += this.#piece(out === '');
    if (this.#open.length > 0) throw new Error('a group is not closed');
    return out;
  }

  #piece(atStart: boolean): string {
    const { multiline, dotAll, extended } = this.#mode;
    const [character, ended] = [this.#next(), this.#ended];
    this.#ended = undefined;
    switch (character) {
      case '\\':
        return this.#escape();
      case '[':
        return this.#class();
      case '(':
        return this.#group(atStart);
      case ')':
        return this.#endGroup();
      case '.':
        return dotAll ? ANY : NO_BREAK;
      case '^':
        return multiline ? `(?<=^|\\n(?=${ANY}))` : '^';
      case '$':
        return multiline ? '(?=\\n|$)' : '(?=\\n?$)';
      case '{': {
        const counted = this.#take(/(\d+)(,?)(\d*)\}/y);
        return counted ? this.#repeated(`{${counted[0]}`, ended) : literal('{');
      }
      case '*':
      case '+':
      case '?':
        return this.#repeated(character, ended);
      case '|':
        this.#beginAlternative();
        return '|';
      default:
        if (extended && /[\t-\r \u0085\u200e\u200f\u2028\u2029]/.test(character)) {
          this.#ended = ended;
          return '';
        }
        if (extended && character === '#') {
          this.#take(/[^\n]*\n?/y);
          this.#ended = ended;
          return '';
        }
        return literal(character);
    }
  }

  #repeated(quantifier: string, ended: { from: number; to: number } | undefined): string {
    const [least = '', most = least] = quantifier.match(/\d+/g) ?? [];
    if (Math.max(Number(least), Number(most)) > MOST_TIMES) throw new Error('so often is too often');
    if (this.#mode.behind && !/^\{(\d+)(?:,\1)?\}$/.test(quantifier)) throw new Error('what lies behind has no length');
    if (this.#take(/\+/y)) throw refuse('a possessive quantifier');
    if (ended) this.#unsure(ended.from, ended.to);
    return quantifier + (this.#take(/\?/y)?.[0] ?? '');
  }

  #beginAlternative(): void {
    const group = this.#open.at(-1);
    if (group) group.unsure = true;
    this.#unsure(group?.inner ?? 0);
  }

  /** What these groups capture is not sure to be there, or not sure to be what PCRE2 has there. */
  #unsure(from: number, to = this.#captured.length): void {
    this.#captured.fill(false, from, to);
  }

  #escape(): string {
    if (/^N\{/.test(this.#pattern.slice(this.#at, this.#at + 2))) throw refuse('\\N{...}');
    const place = this.#take(/[AzZbBNR]/y)?.[0];
    if (place === 'R' && this.#mode.behind) throw new Error('what lies behind has no length');
    if (place) return PLACES[place]!;
    const quoted = this.#take(/Q(.*?)(?:\\E|$)/sy);
    if (quoted) return [...quoted[1]!].map(literal).join('');
    if (this.#take(/E/y)) return '';
    const [, name] = this.#take(/k(?:<(\w+)>|\{(\w+)\}|'(\w+)')|g\{([A-Za-z_]\w*)\}/y)?.filter(Boolean) ?? [];
    if (name !== undefined) return this.#reference(this.#names.get(name));
    const back = this.#take(/g\{(\d+)\}|g(\d+)/y) ?? this.#backReference();
    if (back) return this.#reference(Number(back[1] ?? back[2]));
    return this.#inClassOrOut().text;
  }

  /** `\1` to `\9` are always one; larger numbers only after so many groups. */
  #backReference(): RegExpExecArray | undefined {
    const [number] = /^[1-9]\d*/.exec(this.#pattern.slice(this.#at, this.#at + 4)) ?? [];
    if (number === undefined || (Number(number) > 9 && Number(number) > this.#captured.length)) return undefined;
    return this.#take(/([1-9]\d*)/y);
  }

  /** @throws CommandError where nothing, or something else, may be captured: to PCRE2 nothing equals that, to JavaScript nothing does */
  #reference(group: number | undefined): string {
    if (group === undefined) throw new Error('no such group');
    if (!this.#captured[group - 1] || this.#capturing.has(group - 1) || this.#mode.behind)
      throw refuse('a reference to a group that may have captured nothing');
    return `(?:\\${group})`;
  }

  /** What follows a backslash and means the same in square brackets and outside. */
  #inClassOrOut(): Atom {
    const single = (point: number): Atom => {
      if (point > LAST_POINT || (point >= 0xd800 && point <= 0xdfff)) throw new Error('no such character');
      return { text: literal(String.fromCodePoint(point)), single: true };
    };
    const hex = this.#take(/x\{([0-9A-Fa-f]+)\}|x(?!\{)([0-9A-Fa-f]{0,2})/y);
    if (hex) return single(Number.parseInt(hex[1] ?? (hex[2] || '0'), 16));
    const octal = this.#take(/o\{([0-7]+)\}|([0-7]{1,3})/y);
    if (octal) return single(Number.parseInt(octal[1] ?? octal[2]!, 8));
    const property = this.#take(/([pP])(?:\{(\^?)([\w&]+)\}|([A-Za-z]))/y);
    if (property) return { text: propertyOf(property, this.ignoresCase), single: false };
    const control = this.#take(/c([\x20-\x7e])/y);
    if (control) return single(control[1]!.toUpperCase().charCodeAt(0) ^ 64);
    const same = this.#take(/[dDwW]/y); // as JavaScript has them
    if (same) return { text: `\\${same[0]}`, single: false };
    const character = this.#next();
    const set = Object.hasOwn(SETS, character.toLowerCase()) && SETS[character.toLowerCase()]!;
    if (set) return { text: SETS[character] ? `[${within(set)}]` : `[${without(set)}]`, single: false };
    if (Object.hasOwn(CHARACTERS, character)) return single(CHARACTERS[character]!);
    if (/[KGXCgk]/.test(character)) throw refuse(`\\${character}`);
    if (/[A-Za-z0-9]/.test(character)) throw new Error(`\\${character} means nothing`);
    return single(character.codePointAt(0)!);
  }

  #class(): string {
    if (/^([:.=])[^\]]*\1\]/.test(this.#pattern.slice(this.#at))) throw new Error('a set that stands by itself');
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

  /** Sets come without their own brackets. */
  #atom(): Atom {
    const named = this.#take(/\[:(\^?)(\w+):\]/y);
    if (named) {
      if (!Object.hasOwn(NAMED_SETS, named[2]!)) throw new Error('no such set');
      const set = NAMED_SETS[named[2]!]!;
      if (named[1] && this.ignoresCase && set.some(([from]) => from >= 0x41))
        throw refuse(`${named[0]} whatever the case`);
      return { text: named[1] ? without(set) : within(set), single: false };
    }
    if (/^\[([:.=]).*?\1\]/s.test(this.#pattern.slice(this.#at))) throw refuse('such a set');
    const character = this.#next();
    if (character !== '\\') return { text: literal(character), single: true };
    if (this.#take(/b/y)) return { text: '\\x08', single: true };
    const digit = this.#take(/[89]/y);
    if (digit) return { text: digit[0], single: true };
    if (/[QE]/.test(this.#pattern[this.#at] ?? '')) throw refuse('\\Q or \\E in square brackets');
    const atom = this.#inClassOrOut();
    return atom.text[0] === '[' ? { ...atom, text: atom.text.slice(1, -1) } : atom;
  }

  #group(atStart: boolean): string {
    if (atStart && this.#take(/\*UTF8?\)/y)) return '';
    if (this.#take(/\?#[^)]*\)/y)) return '';
    const again = this.#take(/\?P=(\w+)\)/y);
    if (again) return this.#reference(this.#names.get(again[1]!));
    const set = this.#take(/\?([imsx]*)(?:-([imsx]+))?\)/y);
    if (set) {
      this.#turn(set[1] ?? '', set[2] ?? '', atStart);
      if (/^(?:[*+?]|\{\d)/.test(this.#pattern.slice(this.#at))) throw new Error('nothing to repeat');
      return '';
    }
    const first = this.#captured.length;
    const opens = (end: string, captures: boolean, unsure = false) =>
      this.#open.push({ mode: this.#mode, end, first, inner: captures ? first + 1 : first, unsure });
    const around = this.#take(/\?<?[=!]/y)?.[0];
    if (around) {
      opens('))', false, true);
      this.#mode = { ...this.#mode, behind: around[1] === '<' };
      return `(?:(${around}`; // in a group of its own, for it may be repeated
    }
    const plain = this.#take(/\?([msx]*)(?:-([msx]+))?:/y);
    if (plain) {
      opens(')', false);
      this.#turn(plain[1] ?? '', plain[2] ?? '', false);
      return '(?:';
    }
    const [, name] = this.#take(/\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/y)?.filter(Boolean) ?? [];
    if (name === undefined && this.#take(/[?*]/y)) throw refuse('such a group');
    opens(')', true);
    this.#capturing.add(first);
    this.#captured.push(true);
    if (name !== undefined) this.#names.set(name, first + 1);
    return name === undefined ? '(' : `(?<${name}>`;
  }

  #endGroup(): string {
    const group = this.#open.pop();
    if (!group) throw new Error('a group is not opened');
    if (group.unsure) this.#unsure(group.inner);
    this.#capturing.delete(group.first);
    this.#mode = group.mode;
    this.#ended = { from: group.first, to: this.#captured.length };
    return group.end;
  }

  /** @throws CommandError where case begins or ceases to matter in the middle */
  #turn(on: string, off: string, atStart: boolean): void {
    if (/x.*x/.test(on)) throw refuse('(?xx)');
    if (/i/.test(on + off)) {
      if (!atStart) throw refuse('case that matters in one part only');
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
