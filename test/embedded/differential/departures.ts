import { isOrdered, textOf } from './play.js';
import type { Doc } from './values.js';

/** Two answers that are not the same. */
export interface Case {
  readonly command: Doc;
  /** As text: what was compared. */
  readonly ours: string;
  readonly theirs: string;
  readonly mine: Doc;
  readonly other: Doc;
  readonly inTransaction: boolean;
}

/**
 * Where the engine and the embedded store may answer differently, and why. The engine is DocumentDB behind a gateway, which
 * has faults of its own; where it departs from MongoDB's documented behaviour, that behaviour is what the store has.
 */
export interface Departure {
  readonly name: string;
  readonly reason: string;
  /** Whether nothing was written, so that the two stores still have the same contents. */
  readonly reads?: boolean;
  readonly test: (found: Case) => boolean;
}

const text = (value: unknown) => JSON.stringify(value) ?? '';
const errorsOf = ({ code, writeErrors = [] }: Doc): number[] =>
  [code, ...(writeErrors as Doc[]).map((one) => one['code'])].filter((one) => one !== undefined).map(Number);
const duplicates = (reply: Doc) => errorsOf(reply).filter((code) => code === 11000).length;
const changesOf = ({ update, updates }: Doc): Doc[] =>
  updates ? (updates as Doc[]).map(({ u }) => u as Doc) : [(update ?? {}) as Doc];
const saying = (reply: Doc, what: string) => text(reply).includes(what);

const OF_UPDATES = [2, 9, 14, 28];
const OF_SUBSTR = [16007, 16034, 16035, 28656, 28657, 31109, 34450, 34451, 34452, 34453, 34454, 34455, 50752];

/** How many expressions of a pipeline may fail, with codes above 10,000, 14 or 2; a group has a key and its fields. */
const computing = ({ pipeline = [] }: Doc): number =>
  text(pipeline).match(/"\$(set|addFields|project|replace\w+|lookup|facet|group|sum|push|avg|min|max|first|last)":/g)
    ?.length ?? 0;

/** Whether both may be told of one command, by what is met first. Operators have codes of their own, one after the other. */
const alike = (a: number, b: number, command: Doc): boolean =>
  a === b ||
  (computing(command) > 1 && [a, b].every((code) => code > 10_000 || code === 14 || code === 2)) ||
  (a > 10_000 && Math.abs(a - b) < 10) ||
  [OF_UPDATES, OF_SUBSTR].some((family) => family.includes(a) && family.includes(b));

/** Documents stand in an answer as texts of their own, so their quotes are escaped. */
const withoutNumberTypes = (answer: string) =>
  answer
    .replaceAll('\\', '')
    .replace(/\{"\$number(?:Int|Long|Double|Decimal)":"([^"]*)"\}/g, (_all, digits: string) => `"${Number(digits)}"`);

const withoutCounts = (answer: string) =>
  documentsIn(answer.replace(/(\\"[rg]\\":)\{[^}]*\}/g, '$1null'))
    .map((one) => sorted(text(one)))
    .sort()
    .join();

const letters = (answer: string) => [...answer].sort().join('');

const documentsIn = (answer: string): Doc[] =>
  ((JSON.parse(answer) as { documents?: string[] }).documents ?? []).map((one) => JSON.parse(one) as Doc);

/** Groups whose keys have no types of numbers: any of equal numbers stands for a group in the engine. */
function withPlainKeys(answer: string): string {
  const { documents: _groups, ...rest } = JSON.parse(answer) as Doc;
  const groups = documentsIn(answer).map(({ _id, ...one }) => text({ _id: withoutNumberTypes(text(_id)), ...one }));
  return text({ ...rest, documents: groups });
}

const valuesIn = (answer: string) =>
  ((JSON.parse(answer) as { values?: string[] }).values ?? []).map(withoutNumberTypes).sort().join();

/** Documents without an order of their own are compared in that of their texts, in which a type comes before its digits. */
const sameButForNumberTypes = (command: Doc, ours: string, theirs: string) => {
  const [mine, other] = [ours, theirs].map((answer) => {
    const { documents = [], ...rest } = JSON.parse(answer) as { documents?: string[] };
    const texts = documents.map(withoutNumberTypes);
    const whole = texts.map((one) => sorted(one));
    return text([isOrdered(command) ? whole : whole.sort(), withoutNumberTypes(text(rest))]);
  });
  return mine === other;
};

export const DEPARTURES: readonly Departure[] = [
  {
    name: 'field order',
    reason:
      'MongoDB applies update operators in the order of paths (manual, "Update Operators Behavior", since 5.0) and leaves a changed field in its place; the engine takes operator after operator, and moves fields that it makes anew to the end.',
    reads: true,
    test: ({ ours, theirs }) => sameFields(ours, theirs),
  },
  {
    name: 'two arrays in one index',
    reason:
      'MongoDB refuses documents with arrays in two fields of an index, and an index of such fields, with 171 (manual, "Multikey Indexes"); the engine takes both.',
    test: ({ mine, other }) => errorsOf(mine).includes(171) && !errorsOf(other).includes(171),
  },
  {
    name: 'first error ends a transaction',
    reason:
      'In a transaction MongoDB stops at the first write error, ordered or not; the engine goes on and lists them all.',
    test: ({ command, inTransaction, mine, other }) =>
      inTransaction &&
      errorsOf(mine).length > 0 &&
      errorsOf(other).length > 0 &&
      alike(errorsOf(mine)[0]!, errorsOf(other)[0]!, command),
  },
  {
    name: 'a duplicate key beside other writers',
    reason:
      'To MongoDB a key that the transaction sees is a duplicate, 11000; where anybody else has written to the collection meanwhile, the engine takes it for a write conflict.',
    reads: true,
    test: ({ inTransaction, mine, other }) =>
      inTransaction && errorsOf(mine)[0] === 11000 && errorsOf(other)[0] === 112 && saying(other, 'E11000'),
  },
  {
    name: 'a conflict over what is not written',
    reason:
      'A document that stays as it is, or that an update fails at, is not written, so that MongoDB has no conflict over it (manual, "In-progress Transactions and Write Conflicts"); the engine locks whatever it finds.',
    test: ({ inTransaction, mine, other }) =>
      inTransaction &&
      errorsOf(other)[0] === 112 &&
      errorsOf(mine)[0] !== 112 &&
      (errorsOf(mine).length > 0 || Number(mine['nModified']) < Number(mine['n'])),
  },
  {
    name: 'a positional $ without a match',
    reason:
      'MongoDB refuses `$` in a path when the query matched no item (manual, "$ (update)"); the engine may leave it at the other changes, or do it where the query says what the item is not.',
    test: ({ command, mine, other }) =>
      errorsOf(mine).includes(2) &&
      saying(mine, 'The positional operator did not find the match') &&
      (errorsOf(other).length < errorsOf(mine).length || changesOf(command).length > 1) &&
      (Number(other['nModified'] ?? 0) === 0 ||
        /"\$(ne|nin|not|n?or)"/.test(text(command)) ||
        changesOf(command).length > 1 ||
        changesOf(command).some((u) => Object.keys(u).length > 1)),
  },
  {
    name: 'an empty document in a facet',
    reason: 'A document of which $project leaves nothing is still one; in a $facet the engine drops it.',
    reads: true,
    test: ({ command, ours, theirs }) =>
      text(command).includes('"$facet"') && ours.replaceAll('[{}]', '[]') === theirs.replaceAll('[{}]', '[]'),
  },
  {
    name: '$pop of what is no array',
    reason: 'MongoDB answers TypeMismatch 14 (its pop_node.cpp), the engine BadValue 2.',
    test: ({ mine, other }) => errorsOf(mine).includes(14) && errorsOf(other).includes(2) && saying(other, '$pop'),
  },
  {
    name: 'a path that is in the way',
    reason:
      'MongoDB answers PathNotViable 28, and has nothing to unset there; the engine gives FailedToParse or BadValue, for $unset too, and finds nothing to $rename there.',
    test: ({ command, mine, other }) =>
      (errorsOf(mine).includes(28) &&
        errorsOf(other).length < errorsOf(mine).length &&
        text(command).includes('"$rename"')) ||
      saying(other, 'invalid array element') ||
      (saying(other, 'Invalid array index path') && text(command).includes('$unset')) ||
      (saying(other, 'Failed to create the field') &&
        errorsOf(other).includes(2) &&
        errorsOf(other).length > errorsOf(mine).filter((code) => code === 2).length),
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
    name: 'which document an update of many meets first',
    reason:
      'Without a sort there is no order (manual, "Return in Natural Order"): the store takes documents by _id, the engine as they were inserted, so that one meets a unique value which in the other has moved on already.',
    test: ({ command, mine, other }) =>
      text(command).includes('"multi":true') &&
      duplicates(mine) !== duplicates(other) &&
      // of one there is no order
      (Math.max(Number(mine['n']), Number(other['n'])) > 1 ||
        (errorsOf(mine).length > 0 && errorsOf(other).length > 0)),
  },
  {
    name: 'missing in a unique partial index',
    reason:
      'To a unique index a missing field is null, of which there may be one; the engine lets a partial one have several.',
    test: ({ mine, other }) =>
      (errorsOf(mine).includes(11000) && !errorsOf(other).includes(11000) && saying(mine, '"unique partial')) ||
      saying(mine, 'index: unique partial'),
  },
  {
    name: 'a fraction in a unique index',
    reason:
      'A decimal and a double of the same value are duplicates (manual, "Comparison/Sort Order"); those with a fraction are two values to an index of the engine.',
    test: ({ mine, other }) =>
      errorsOf(mine).includes(11000) &&
      errorsOf(other).length < errorsOf(mine).length &&
      /"keyValue":\{[^}]*\d\.\d/.test(text(mine)),
  },
  {
    name: 'a number of another type',
    reason:
      'To MongoDB a number whose type alone changes is modified (its safe_num.h, isIdentical), and so is a 0 that $set makes -0; the engine leaves it as it is.',
    test: ({ command, mine, other }) =>
      (/"\$(mul|inc)"/.test(text(command)) || textOf(command).includes('"-0.0"')) &&
      Number(mine['nModified']) !== Number(other['nModified']) &&
      Number(mine['n']) === Number(other['n']),
  },
  {
    name: '$count of nothing',
    reason: 'Without documents $count gives none (manual, "$count"); the engine gives one that says 0.',
    reads: true,
    test: ({ command, other }) =>
      text(command).includes('"$count":"') && /"(total|n)":0[,}]/.test(text(other['cursor'])),
  },
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
    name: 'a type the engine cannot name',
    reason: 'It answers 1088, or 115 and a number, where MongoDB says what it is that has the wrong type.',
    test: ({ mine, other }) =>
      errorsOf(other).includes(1088) ||
      (errorsOf(mine).length > 0 && saying(other, 'Unrecognized BSON data type code')),
  },
  {
    name: 'findAndModify that changes nothing',
    reason:
      'MongoDB says n: 1 and updatedExisting for a document that is found and stays as it is; the engine says nothing was found.',
    test: ({ command, mine, other, ours, theirs }) =>
      'findAndModify' in command &&
      sameFields(withoutOutcome(ours), withoutOutcome(theirs)) &&
      text(mine['lastErrorObject']) !== text(other['lastErrorObject']),
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
  {
    name: 'what comes after a null',
    reason:
      'MongoDB adds and multiplies operand by operand, and is done at the first null; the engine looks at those after it too.',
    test: ({ mine, other }) =>
      errorsOf(mine).length === 0 && errorsOf(other).includes(14) && /\$(add|multiply) can only/.test(text(other)),
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
    name: 'arithmetic on what is no number',
    reason: 'MongoDB refuses $inc and $mul of a boolean with TypeMismatch 14; the engine takes it for 0 or 1.',
    test: ({ command, mine, other }) =>
      errorsOf(mine).includes(14) && !errorsOf(other).includes(14) && /"\$(inc|mul)"/.test(text(command)),
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
    name: '$substr of nothing',
    reason:
      'MongoDB judges the places whatever the text is (manual, "$substrCP"); the engine not those of a missing one.',
    reads: true,
    test: ({ command, mine }) =>
      text(command).includes('"$substr') && [34454, 34455, 50752].includes(errorsOf(mine)[0]!),
  },
  {
    name: 'distinct items of an array in an array',
    reason:
      'The key "a.0" names an array, whose items MongoDB tells (its dotted_path_support.cpp); the engine tells none.',
    reads: true,
    test: ({ command, mine, other }) =>
      /\.\d$/.test(String(command['key'])) &&
      ((other['values'] as unknown[] | undefined) ?? [0]).every((one) => text(mine['values']).includes(text(one))),
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
    name: 'a fault of the engine',
    reason: 'It ends in an InternalError of its own.',
    test: ({ other }) => saying(other, 'SQLSTATE XX000'),
  },
  {
    name: 'a timestamp as text',
    reason:
      'MongoDB writes Jan  1 00:00:07:2, as C does and with the counter as it is (its Timestamp::toStringPretty); the engine fills up with zeros.',
    reads: true,
    test: ({ ours, theirs }) => sameFields(ours, theirs.replace(/(jan) 01 00:00:07:00(\d)/gi, '$1  1 00:00:07:$2')),
  },
  {
    name: 'a large number as text',
    reason:
      'MongoDB writes 1e+300 (its StringBuilder), as $toString does here; a part of it taken by the engine has an E.',
    reads: true,
    test: ({ ours, theirs }) => sameFields(ours, theirs.replaceAll('E+300', 'e+300')),
  },
  {
    name: 'sums, averages and deviations',
    reason:
      'MongoDB sums up exactly and rounds once (its summation.h), and the average of numbers with a decimal among them is a decimal (manual, "$avg"); the engine rounds at each step, may answer with a double, and its deviations differ in the last digit; its $round and $trunc keep 15 digits.',
    reads: true,
    test: ({ command, ours, theirs }) =>
      (/\$(avg|stdDev)/.test(text(command)) && sameFields(withoutTypes(ours), withoutTypes(theirs))) ||
      (/"\$(sum|round|trunc)"/.test(text(command)) && sameFields(rounded(ours), rounded(theirs))),
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
    name: '$expr beside the positional $',
    reason: 'The engine refuses a query with $expr together with `$` in a path; MongoDB does not.',
    test: ({ other }) => saying(other, '$expr can only be applied to the top-level document'),
  },
  {
    name: '$merge of a null _id',
    reason: 'MongoDB refuses documents whose `on` field is null, with 51132; the engine looks for them.',
    test: ({ mine }) => errorsOf(mine).includes(51132),
  },
];

export function departureOf(found: Case): Departure | undefined {
  return DEPARTURES.find(({ test }) => test(found));
}

/** Whether two texts are the same but for the order of fields. */
export function sameFields(a: string, b: string): boolean {
  return sorted(a) === sorted(b);
}

function sorted(json: string): string {
  return text(ordered(JSON.parse(json)));
}

export function ordered(value: unknown): unknown {
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

/** Documents are texts within a text: their quotes are escaped. */
const rounded = (json: string) =>
  json.replace(
    /(\\?"\$number\w+\\?":\\?")([^"\\]*)/g,
    (_, type: string, number: string) => `${type}${Number(Number(number).toPrecision(12))}`,
  );
const withoutTypes = (json: string) => rounded(json).replace(/\$number\w+/g, '$number');

function withoutOutcome(json: string): string {
  const { lastErrorObject: _outcome, ...rest } = JSON.parse(json) as Doc;
  return text(rest);
}
