import { BSONRegExp, type Document } from 'bson';
import { CommandError } from '../errors.js';
import { javaScriptRegex, nextMatch } from '../regex.js';
import { nameOfType } from './arithmetic.js';
import { isNullish } from './values.js';

/** What a regular expression finds in a text, of evaluated operands. Error codes are those of MongoDB's expression.cpp. */
interface Match {
  readonly match: string;
  /** In code points. */
  readonly idx: number;
  readonly captures: readonly (string | null)[];
}

type Apply = (name: string, operands: Document) => unknown;

/** Undefined where there is nothing to look for, or to look in. */
function regexOf(name: string, { input, regex, options }: Document): RegExp | undefined {
  if (!isNullish(input) && typeof input !== 'string')
    throw new CommandError(51104, `${name} needs 'input' to be of type string`);
  if (!isNullish(regex) && typeof regex !== 'string' && !(regex instanceof BSONRegExp))
    throw new CommandError(51105, `${name} needs 'regex' to be of type string or regex, not ${nameOfType(regex)}`);
  if (!isNullish(options) && typeof options !== 'string')
    throw new CommandError(51106, `${name} needs 'options' to be of type string`);
  if (isNullish(regex)) return undefined;
  const own = regex instanceof BSONRegExp ? regex.options : '';
  if (own !== '' && !isNullish(options))
    throw new CommandError(51107, `${name}: found regex options specified in both 'regex' and 'options' fields`);
  const flags = String(options ?? own);
  const compiled = javaScriptRegex(regex instanceof BSONRegExp ? regex.pattern : regex, flags, 51111);
  return isNullish(input) ? undefined : new RegExp(compiled, `${compiled.flags}g`);
}

/** MongoDB's bound on what $regexFindAll holds, and about what a match takes besides its text. */
const MOST_BYTES = 64 * 1024 * 1024;
const BYTES_BESIDES = 64;

/** Whatever matches, one after the other. After an empty match the search goes on a code point further, as long as there is one. */
function* matchesOf(regex: RegExp, input: string): Generator<Match> {
  let [at, idx, bytes] = [0, 0, 0];
  do {
    const found = nextMatch(regex, input);
    if (!found) return;
    const [match, ...captures] = found;
    bytes += BYTES_BESIDES + match.length;
    if (bytes > MOST_BYTES) throw new CommandError(51151, '$regexFindAll: the output exceeds 64 MB');
    for (; at < found.index; idx++) at += pointLength(input, at);
    yield { match, idx, captures: captures.map((one) => one ?? null) };
    if (match === '') regex.lastIndex += pointLength(input, regex.lastIndex);
  } while (regex.lastIndex < input.length);
}

const pointLength = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

const found = (name: string, operands: Document): Iterable<Match> => {
  const regex = regexOf(name, operands);
  return regex ? matchesOf(regex, operands['input']) : [];
};

function firstOf(matches: Iterable<Match>): Match | null {
  for (const match of matches) return match;
  return null;
}

export const REGEXES: Record<string, Apply> = {
  $regexMatch: (name, operands) => firstOf(found(name, operands)) !== null,
  $regexFind: (name, operands) => firstOf(found(name, operands)),
  $regexFindAll: (name, operands) => [...found(name, operands)],
};
