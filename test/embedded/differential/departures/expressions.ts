import { expressionOf } from '../../../../src/embedded/aggregation/engine.js';
import type { Doc } from '../values.js';
import { type Departure, errorsOf, text } from './case.js';
import { documentsIn, sameFields } from './same.js';

const operatorsIn = (value: unknown): Doc[] => {
  if (typeof value !== 'object' || value === null) return [];
  const [name, ...others] = Object.keys(value);
  const own = name?.[0] === '$' && others.length === 0 ? [value as Doc] : [];
  return [...own, ...Object.values(value).flatMap(operatorsIn)];
};

/** The code of an operator that fails before there is a document. */
function failure(operator: Doc): number | undefined {
  try {
    expressionOf(operator);
    return undefined;
  } catch (error) {
    return (error as { code?: number }).code;
  }
}

export const OF_EXPRESSIONS: readonly Departure[] = [
  {
    name: 'what fails whatever the document',
    reason:
      'MongoDB judges expressions, and works out what is constant in them, before there is a document (its Expression::optimize); the engine does not where there is none.',
    reads: true,
    test: ({ command, mine, other, theirs }) =>
      errorsOf(mine).length > 0 &&
      errorsOf(other).length === 0 &&
      documentsIn(theirs).length === 0 &&
      operatorsIn(command).some((operator) => failure(operator) === errorsOf(mine)[0]),
  },
  {
    name: 'what comes after a null',
    reason:
      'MongoDB adds and multiplies operand by operand, and is done at the first null; the engine looks at those after it too.',
    test: ({ mine, other }) =>
      errorsOf(mine).length === 0 && errorsOf(other).includes(14) && /\$(add|multiply) can only/.test(text(other)),
  },
  {
    name: 'what nothing gets past',
    reason:
      'Before a $match that lets nothing through ($in of no values; after $unionWith, a range that ends before it begins) the engine does not work out what the stages before give, nor their errors; MongoDB groups first.',
    reads: true,
    test: ({ command, mine, other, theirs }) =>
      /"\$match":.*"\$in":\[\]|"\$unionWith".*"\$match".*"\$(and|[gl]te?)"/.test(text(command)) &&
      errorsOf(mine).length > 0 &&
      errorsOf(other).length === 0 &&
      documentsIn(theirs).length === 0,
  },
  {
    name: 'a $match that could be done before',
    reason:
      'MongoDB, and the engine for an _id, does a $match before the stages whose fields it does not ask for (manual, "Aggregation Pipeline Optimization"); the store works the fields out first, and meets the errors in that.',
    reads: true,
    test: ({ command, mine, other }) =>
      /"\$(set|addFields|project)":.*"\$match":.*"_id"/.test(text(command['pipeline'])) &&
      errorsOf(mine).length > 0 &&
      errorsOf(other).length === 0,
  },
  {
    name: 'what is no longer there',
    reason:
      'What a $match has taken away no stage after it computes with; before another $match the engine does, and tells of errors in that.',
    reads: true,
    test: ({ command, mine, other }) =>
      /"\$match":.*"\$(set|addFields|project)":.*"\$match":/.test(text(command['pipeline'])) &&
      errorsOf(mine).length === 0 &&
      errorsOf(other).length > 0,
  },
  {
    name: '$substr of nothing',
    reason:
      'MongoDB judges the places whatever the text is (manual, "$substrCP"); the engine not those of a missing one.',
    reads: true,
    test: ({ command, mine }) =>
      text(command).includes('"$substr') && [31109, 34454, 34455, 50752].includes(errorsOf(mine)[0]!),
  },
  {
    name: 'a fraction of a second after a blank',
    reason:
      'In "2024-01-02 03:04:05.5" the engine takes ".5" for a zone five hours away, with a T in place of the blank for half a second; MongoDB, and the store, for half a second both times.',
    reads: true,
    test: ({ command, ours, theirs }) =>
      /\d \d\d:\d\d:\d\d\.5"/.test(text(command)) &&
      sameFields(
        ours,
        theirs.replaceAll(text(Date.UTC(2024, 0, 2, 8, 4, 5)), text(Date.UTC(2024, 0, 2, 3, 4, 5, 500))),
      ),
  },
  {
    name: 'a timestamp as text',
    reason:
      'MongoDB writes Jan  1 00:00:07:2, as C does and with the counter as it is (its Timestamp::toStringPretty); the engine fills up with zeros, also in a part of it.',
    reads: true,
    test: ({ ours, theirs }) =>
      sameFields(ours, theirs.replace(/\b01 (?=00:00:07)/g, ' 1 ').replace(/(00:00:07:)00(?=\d)/g, '$1')),
  },
  {
    name: 'a large number as text',
    reason:
      'MongoDB writes 1e+300 and 9007199254740992 (its StringBuilder, sixteen digits), as $toString does here; a part of it taken by the engine has an E, and of a whole one six digits.',
    reads: true,
    test: ({ ours, theirs }) =>
      sameFields(
        ours,
        theirs
          .replaceAll('E+300', 'e+300')
          .replace(/("1?)E(?=\+?\\*")/g, '$1e')
          .replace(/9\.0072e\+15/gi, '9007199254740992'),
      ),
  },
];
