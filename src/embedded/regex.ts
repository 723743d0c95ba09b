import { CommandError } from './errors.js';
import { Captures } from './regex-captures.js';
import { brackets, escaped, literal } from './regex-characters.js';
import { Cursor } from './regex-cursor.js';
import { ANY, NO_BREAK, refuse, VERTICAL, within } from './regex-sets.js';

/** How a pattern is read from some place on, to the end of its group. */
interface Mode {
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
  /** Whether it says what lies behind a place. */
  readonly behind: boolean;
}

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
 * @throws CommandError 51108 for other options, `code` where PCRE2 refuses the pattern, 238 for what JavaScript has nothing like
 */
export function javaScriptRegex(pattern: string, options: string, code = 51091): RegExp {
  if (/[^imsxu]/.test(options)) throw new CommandError(51108, `invalid flag in regex options: ${options}`);
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

class Translator {
  ignoresCase: boolean;
  readonly #cursor: Cursor;
  readonly #captures = new Captures();
  /** Of the groups that are open: how to read on after them, and what ends them. */
  readonly #outer: { readonly mode: Mode; readonly end: string }[] = [];
  #mode: Mode;

  constructor(pattern: string, options: string) {
    this.#cursor = new Cursor(pattern);
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
    while (!this.#cursor.isAtEnd) out += this.#piece(out === '');
    if (!this.#captures.isBalanced) throw new Error('a group is not closed');
    return out;
  }

  /** Empty for what only stands between others: what comes after it repeats what was before it. */
  #piece(atStart: boolean): string {
    if (this.#mode.extended && this.#cursor.take(/[\t-\r \u0085\u200e\u200f\u2028\u2029]+|#[^\n]*\n?/y)) return '';
    if (this.#cursor.take(/\(\?#[^)]*\)|\\E/y)) return '';
    if (this.#cursor.take(/\)/y)) return this.#endGroup();
    const times = this.#cursor.take(/[*+?]|\{(\d+)(?:,(\d*))?\}/y);
    if (times) return this.#repeated(times);
    this.#captures.goOn();
    const { multiline, dotAll } = this.#mode;
    const character = this.#cursor.next();
    switch (character) {
      case '\\':
        return this.#escape();
      case '[':
        return brackets(this.#cursor, this.ignoresCase);
      case '(':
        return this.#group(atStart);
      case '.':
        return dotAll ? ANY : NO_BREAK;
      case '^':
        return multiline ? `(?<=^|\\n(?=${ANY}))` : '^';
      case '$':
        return multiline ? '(?=\\n|$)' : '(?=\\n?$)';
      case '|':
        this.#captures.alternative();
        return '|';
      default:
        return literal(character);
    }
  }

  #repeated([times, least = '', most = least]: RegExpExecArray): string {
    if (Math.max(Number(least), Number(most)) > MOST_TIMES) throw new Error('so often is too often');
    if (this.#mode.behind && (least === '' || least !== most)) throw new Error('what lies behind has no length');
    if (this.#cursor.take(/\+/y)) throw refuse('a possessive quantifier');
    this.#captures.repeat();
    return times + (this.#cursor.take(/\?/y)?.[0] ?? '');
  }

  #escape(): string {
    const { behind } = this.#mode;
    if (this.#cursor.sees(/N\{/y)) throw refuse('\\N{...}');
    const place = this.#cursor.take(/[AzZbBNR]/y)?.[0];
    if (place === 'R' && behind) throw new Error('what lies behind has no length');
    if (place) return PLACES[place]!;
    const quoted = this.#cursor.take(/Q(.*?)(?:\\E|$)/sy);
    if (quoted) return [...quoted[1]!].map(literal).join('');
    const [, name] = this.#cursor.take(/k(?:<(\w+)>|\{(\w+)\}|'(\w+)')|g\{([A-Za-z_]\w*)\}/y)?.filter(Boolean) ?? [];
    if (name !== undefined) return this.#reference(this.#captures.numberOf(name));
    const [, number] = (this.#cursor.take(/g\{(\d+)\}|g(\d+)/y) ?? this.#backReference())?.filter(Boolean) ?? [];
    if (number !== undefined) return this.#reference(Number(number));
    return escaped(this.#cursor, this.ignoresCase).text;
  }

  /** `\1` to `\9` are always one; larger numbers only after so many groups. */
  #backReference(): RegExpExecArray | undefined {
    const number = this.#cursor.sees(/([1-9]\d*)/y);
    if (!number || (Number(number[1]) > 9 && Number(number[1]) > this.#captures.count)) return undefined;
    return this.#cursor.take(/([1-9]\d*)/y);
  }

  #reference(group: number | undefined): string {
    if (this.#mode.behind) throw refuse('a reference in what lies behind');
    return this.#captures.reference(group);
  }

  #group(atStart: boolean): string {
    if (atStart && this.#cursor.take(/\*UTF8?\)/y)) return '';
    const again = this.#cursor.take(/\?P=(\w+)\)/y);
    if (again) return this.#reference(this.#captures.numberOf(again[1]!));
    const set = this.#cursor.take(/\?([imsx]*)(?:-([imsx]+))?\)/y);
    if (set) {
      this.#turn(set, atStart);
      if (this.#cursor.sees(/[*+?]|\{\d/y)) throw new Error('nothing to repeat');
      return '';
    }
    const around = this.#cursor.take(/\?<?[=!]/y)?.[0];
    const plain = around ? undefined : this.#cursor.take(/\?([msx]*)(?:-([msx]+))?:/y);
    this.#outer.push({ mode: this.#mode, end: around ? '))' : ')' });
    if (around) {
      this.#captures.open(true);
      this.#mode = { ...this.#mode, behind: around[1] === '<' };
      return `(?:(${around}`; // in a group of its own, for it may be repeated
    }
    if (plain) {
      this.#captures.open();
      this.#turn(plain, false);
      return '(?:';
    }
    const [, name] = this.#cursor.take(/\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/y)?.filter(Boolean) ?? [];
    if (name === undefined && this.#cursor.take(/[?*]/y)) throw refuse('such a group');
    this.#captures.openCapture(name);
    return name === undefined ? '(' : `(?<${name}>`;
  }

  #endGroup(): string {
    this.#captures.close();
    const { mode, end } = this.#outer.pop()!;
    this.#mode = mode;
    return end;
  }

  /** @throws CommandError where case begins or ceases to matter in the middle */
  #turn([, on = '', off = '']: RegExpExecArray, atStart: boolean): void {
    if (/x.*x/.test(on)) throw refuse('(?xx)');
    if (/i/.test(on + off)) {
      if (!atStart) throw refuse('case that matters in one part only');
      this.ignoresCase = !off.includes('i');
    }
    const now = (letter: string, before: boolean) => !off.includes(letter) && (before || on.includes(letter));
    const { multiline, dotAll, extended, behind } = this.#mode;
    this.#mode = { multiline: now('m', multiline), dotAll: now('s', dotAll), extended: now('x', extended), behind };
  }
}
