import type { Doc } from '../values.js';
import { alike, type Case, type Departure, errorsOf, saying, text } from './case.js';
import { OF_EXPRESSIONS } from './expressions.js';
import { sameFields } from './same.js';
import { OF_STAGES } from './stages.js';
import { OF_TRANSACTIONS } from './transactions.js';
import { OF_WRITES } from './writes.js';

const OF_ANSWERS: readonly Departure[] = [
  {
    name: 'field order',
    reason:
      'MongoDB applies update operators in the order of paths (manual, "Update Operators Behavior", since 5.0) and leaves a changed field in its place; the engine takes operator after operator, and moves fields that it makes anew to the end.',
    reads: true,
    test: ({ ours, theirs }) => sameFields(ours, theirs),
  },
  {
    name: 'which of several errors',
    reason:
      'Where several things are wrong, which one is met first depends on the order of documents and of operators, which is not the same.',
    test: ({ command, mine, other }) => {
      const [a, b] = [errorsOf(mine), errorsOf(other)];
      return a.length > 0 && a.length === b.length && a.every((code, i) => alike(code, b[i]!, command));
    },
  },
  {
    name: 'a type the engine cannot name',
    reason: 'It answers 1088, or 115 and a number, where MongoDB says what it is that has the wrong type.',
    test: ({ mine, other }) =>
      errorsOf(other).includes(1088) ||
      (errorsOf(mine).length > 0 && saying(other, 'Unrecognized BSON data type code')),
  },
  {
    name: '$bits of fractions',
    reason: 'Numbers with a fraction never match (manual, "$bitsAllSet"); the engine takes 1.5 for 1.',
    test: ({ command }) => text(command).includes('"$bits'),
  },
  {
    name: 'count without a filter',
    reason: 'The engine estimates; the store counts.',
    reads: true,
    test: ({ command }) => 'count' in command && text(command['query']) === '{}',
  },
  {
    name: 'distinct items of an array in an array',
    reason:
      'The key "a.0" names an array, whose items MongoDB tells (its dotted_path_support.cpp); the engine tells none.',
    reads: true,
    test: ({ command, ours, theirs }) => {
      const values = (json: string) => ((JSON.parse(json) as Doc)['values'] ?? [0]) as unknown[];
      return /\.\d$/.test(String(command['key'])) && values(theirs).every((one) => values(ours).includes(one));
    },
  },
  {
    name: 'a fault of the engine',
    reason: 'It ends in an InternalError of its own.',
    test: ({ other }) => saying(other, 'SQLSTATE XX000'),
  },
];

export const DEPARTURES: readonly Departure[] = [
  ...OF_TRANSACTIONS,
  ...OF_WRITES,
  ...OF_STAGES,
  ...OF_EXPRESSIONS,
  ...OF_ANSWERS,
];

export function departureOf(found: Case): Departure | undefined {
  return DEPARTURES.find(({ test }) => test(found));
}
