import { BSONRegExp, type Document } from 'bson';
import { CommandError } from '../errors.js';
import { javaScriptRegex } from '../text.js';
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
  if (/[^imsu]/.test(flags)) throw new CommandError(51108, `${name} invalid flag in regex options: ${flags}`);
  const found = javaScriptRegex(regex instanceof BSONRegExp ? regex.pattern : regex, `${flags}g`, 51111);
  return isNullish(input) ? undefined : found;
}

/** Whatever matches, one after the other. After an empty match the search goes on a code point further, as long as there is one. */
function* matchesOf(regex: RegExp, input: string): Generator<Match> {
  do {
    const found = regex.exec(input);
    if (!found) return;
    const [match, ...captures] = found;
    yield { match, idx: [...input.slice(0, found.index)].length, captures: captures.map((one) => one ?? null) };
    if (match === '') regex.lastIndex += String.fromCodePoint(input.codePointAt(regex.lastIndex) ?? 0).length;
  } while (regex.lastIndex < input.length);
}

const found = (name: string, operands: Document): Iterable<Match> => {
  const regex = regexOf(name, operands);
  return regex ? matchesOf(regex, operands['input']) : [];
};

function firstOf(matches: Iterable<Match>): Match | null {
  for (const match of matches) return match;
  return null;
}

export const REGEXES: Record<string, Apply> = {
  $regexMatch: (name, operands) => regexOf(name, operands)?.test(operands['input']) ?? false,
  $regexFind: (name, operands) => firstOf(found(name, operands)),
  $regexFindAll: (name, operands) => [...found(name, operands)],
};
