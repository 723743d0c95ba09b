import type { Doc } from '../values.js';
import { type Departure, text } from './case.js';
import {
  documentsIn,
  rounded,
  sameButForFifteenDigits,
  sameButForNumberTypes,
  sameFields,
  sorted,
  withoutNumberTypes,
  withoutTypes,
} from './same.js';

/** Of each group, a document in `r` or `g`, nothing. */
const withoutGroups = (name: string, value: unknown) =>
  /^[rg]$/.test(name) && typeof value === 'object' && !Array.isArray(value) ? null : value;

const withoutCounts = (answer: string) =>
  documentsIn(answer)
    .map((one) => sorted(JSON.stringify(one, withoutGroups)))
    .sort()
    .join();

const letters = (answer: string) => [...answer].sort().join('');

/** Groups whose keys have no types of numbers: any of equal numbers stands for a group in the engine. */
function withPlainKeys(answer: string): string {
  const { documents: _groups, ...rest } = JSON.parse(answer) as Doc;
  const groups = documentsIn(answer).map(({ _id, ...one }) => text({ _id: withoutNumberTypes(text(_id)), ...one }));
  return text({ ...rest, documents: groups });
}

const valuesIn = (answer: string) =>
  ((JSON.parse(answer) as { values?: string[] }).values ?? []).map(withoutNumberTypes).sort().join();

export const OF_STAGES: readonly Departure[] = [
  {
    name: '$push in a group',
    reason: 'MongoDB gives $push the documents in the order of the $sort before; the engine groups in parallel.',
    reads: true,
    test: ({ command, ours, theirs }) =>
      text(command).includes('"$group"') &&
      (letters(ours) === letters(theirs) ||
        letters(withPlainKeys(ours)) === letters(withPlainKeys(theirs)) ||
        // and numbers of the type, or with the rounding, that the engine has for them, see below
        letters(withoutTypes(ours)) === letters(withoutTypes(theirs))),
  },
  {
    name: 'which of equal numbers in a group',
    reason:
      'Of equal numbers of several types MongoDB gives the first, as the _id of a group and as $min and $max, and in documents that distinct tells; the engine, which groups in parallel, any of them.',
    reads: true,
    test: ({ command, ours, theirs }) =>
      'distinct' in command
        ? valuesIn(ours) === valuesIn(theirs)
        : /"\$(group|bucket|bucketAuto|sortByCount)"/.test(text(command)) &&
          sameButForNumberTypes(command, ours, theirs),
  },
  {
    name: 'sums, averages and deviations',
    reason:
      'MongoDB sums up exactly and rounds once (its summation.h), and the average of numbers with a decimal among them is a decimal (manual, "$avg"); the engine rounds at each step, may answer with a double, and its deviations differ in the last digit; its $round and $trunc keep 15 digits, as does a double that it adds to a decimal.',
    reads: true,
    test: ({ command, ours, theirs }) =>
      (/\$(avg|stdDev)/.test(text(command)) && sameFields(withoutTypes(ours), withoutTypes(theirs))) ||
      (/"\$(sum|round|trunc)"/.test(text(command)) && sameFields(rounded(ours), rounded(theirs))) ||
      (text(command).includes('"$sum"') && sameButForFifteenDigits(ours, theirs)),
  },
  {
    name: 'deviations beyond the largest number',
    reason:
      'The squares of 1e300 are infinite, and so is the deviation as MongoDB sums it up (its accumulator_std_dev.cpp); the engine says NaN.',
    reads: true,
    test: ({ command, ours, theirs }) =>
      text(command).includes('"$stdDev') &&
      ours.includes('Infinity') &&
      sameFields(withoutTypes(ours.replaceAll('Infinity', 'NaN')), withoutTypes(theirs)),
  },
  {
    name: 'an empty document in a facet',
    reason: 'A document of which $project leaves nothing is still one; in a $facet the engine drops it.',
    reads: true,
    test: ({ command, ours, theirs }) =>
      text(command).includes('"$facet"') && sameFields(ours.replaceAll('[{}]', '[]'), theirs.replaceAll('[{}]', '[]')),
  },
  {
    name: '$lookup of equal numbers',
    reason:
      'A decimal equals the double of its value (manual, "Comparison/Sort Order"); the engine does not join the two.',
    reads: true,
    test: ({ command, ours, theirs }) =>
      /"localField":"n"|"\$graphLookup"/.test(text(command)) &&
      // the decimal may be of the other collection, which is only counted
      (/numberDecimal/.test(`${ours}${theirs}`) ||
        (/\.\d/.test(ours) && withoutCounts(ours) === withoutCounts(theirs))),
  },
  {
    name: '$lookup by an empty array',
    reason: 'An empty array has no value that anything could equal; the engine takes it for null.',
    reads: true,
    test: ({ command }) => text(command).includes('"localField":"l"'),
  },
];
