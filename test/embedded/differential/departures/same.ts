import { isOrdered } from '../play.js';
import type { Doc } from '../values.js';
import { text } from './case.js';

/** Whether two texts are the same but for the order of fields. */
export function sameFields(a: string, b: string): boolean {
  return sorted(a) === sorted(b);
}

export function sorted(json: string): string {
  return text(ordered(JSON.parse(json)));
}

function ordered(value: unknown): unknown {
  // Documents are compared as texts in a list.
  if (typeof value === 'string' && value.startsWith('{')) {
    try {
      return text(ordered(JSON.parse(value)));
    } catch {
      return value;
    }
  }
  if (Array.isArray(value)) {
    const items = value.map(ordered);
    return items.every((item) => typeof item === 'string' && item.startsWith('{')) ? items.sort() : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, ordered(one)]),
  );
}

export const documentsIn = (answer: string): Doc[] =>
  ((JSON.parse(answer) as { documents?: string[] }).documents ?? []).map((one) => JSON.parse(one) as Doc);

/** Documents stand in an answer as texts of their own, so their quotes are escaped. */
export const withoutNumberTypes = (answer: string) =>
  answer
    .replaceAll('\\', '')
    .replace(/\{"\$number(?:Int|Long|Double|Decimal)":"([^"]*)"\}/g, (_all, digits: string) => `"${Number(digits)}"`);

/** Documents without an order of their own are compared in that of their texts, in which a type comes before its digits. */
export const sameButForNumberTypes = (command: Doc, ours: string, theirs: string) => {
  const [mine, other] = [ours, theirs].map((answer) => {
    const { documents = [], ...rest } = JSON.parse(answer) as { documents?: string[] };
    const texts = documents.map(withoutNumberTypes);
    const whole = texts.map((one) => sorted(one));
    return text([isOrdered(command) ? whole : whole.sort(), withoutNumberTypes(text(rest))]);
  });
  return mine === other;
};

/** To twelve digits. */
export const rounded = (json: string) =>
  json.replace(
    /(\\?"\$number\w+\\?":\\?")([^"\\]*)/g,
    (_, type: string, number: string) => `${type}${Number(Number(number).toPrecision(12))}`,
  );
export const withoutTypes = (json: string) => rounded(json).replace(/\$number\w+/g, '$number');

const DECIMAL = /(\$numberDecimal\\?":\\?")([^"\\]*)/g;

/** The same but for decimals, which differ by no more than the fifteenth digit of the largest of them: large ones may have cancelled each other. */
export function sameButForFifteenDigits(ours: string, theirs: string): boolean {
  const numbers = (json: string) => [...json.matchAll(DECIMAL)].map(([, , number]) => Number(number));
  const [mine, others] = [numbers(ours), numbers(theirs)];
  const most = Math.max(...[...mine, ...others].map(Math.abs)) * 1e-14;
  return (
    ours.replace(DECIMAL, '$1') === theirs.replace(DECIMAL, '$1') &&
    mine.every((number, at) => Math.abs(number - others[at]!) <= most)
  );
}
