import { textOf } from '../play.js';
import type { Doc } from '../values.js';
import { type Departure, errorsOf, saying, text } from './case.js';
import { sameFields } from './same.js';

const duplicates = (reply: Doc) => errorsOf(reply).filter((code) => code === 11000).length;
const changesOf = ({ update, updates }: Doc): Doc[] =>
  updates ? (updates as Doc[]).map(({ u }) => u as Doc) : [(update ?? {}) as Doc];

const queriesOf = ({ query, updates }: Doc): unknown[] => (updates ? (updates as Doc[]).map(({ q }) => q) : [query]);

function withoutOutcome(json: string): string {
  const { lastErrorObject: _outcome, ...rest } = JSON.parse(json) as Doc;
  return text(rest);
}

export const OF_WRITES: readonly Departure[] = [
  {
    name: 'two arrays in one index',
    reason:
      'MongoDB refuses documents with arrays in two fields of an index, and an index of such fields, with 171 (manual, "Multikey Indexes"); the engine takes both.',
    test: ({ mine, other }) => errorsOf(mine).includes(171) && !errorsOf(other).includes(171),
  },
  {
    name: 'a positional $ without a match',
    reason:
      'MongoDB refuses `$` in a path when the query matched no item, and wants the array in the query (manual, "$ (update)"); the engine may leave it at the other changes, or do it where the query says what the item is not, or says something of another array; of an upsert it first tells that the key is taken.',
    test: ({ command, mine, other }) =>
      errorsOf(mine).includes(2) &&
      saying(mine, 'The positional operator did not find the match') &&
      (errorsOf(other).length < errorsOf(mine).length || changesOf(command).length > 1 || duplicates(other) > 0) &&
      (Number(other['nModified'] ?? 0) === 0 ||
        /"\$(ne|nin|not|n?or)"/.test(text(command)) ||
        !queriesOf(command).some((query) => /"l[".]/.test(text(query))) ||
        changesOf(command).length > 1 ||
        changesOf(command).some((u) => Object.values(u).flatMap((fields) => Object.keys(fields as Doc)).length > 1)),
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
    name: 'findAndModify that changes nothing',
    reason:
      'MongoDB says n: 1 and updatedExisting for a document that is found and stays as it is; the engine says nothing was found.',
    test: ({ command, mine, other, ours, theirs }) =>
      'findAndModify' in command &&
      sameFields(withoutOutcome(ours), withoutOutcome(theirs)) &&
      text(mine['lastErrorObject']) !== text(other['lastErrorObject']),
  },
  {
    name: 'arithmetic on what is no number',
    reason: 'MongoDB refuses $inc and $mul of a boolean with TypeMismatch 14; the engine takes it for 0 or 1.',
    test: ({ command, mine, other }) =>
      errorsOf(mine).includes(14) && !errorsOf(other).includes(14) && /"\$(inc|mul)"/.test(text(command)),
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
