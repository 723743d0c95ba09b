import { BSONRegExp, type Document } from 'bson';
import { documentOf, unparse } from './codec.js';
import { badValue, CommandError } from './errors.js';
import { compileFilter } from './filter.js';
import { constantOf, keyOf } from './keys.js';
import { isDocument, numberOf } from './numeric.js';
import { isOperators } from './predicates.js';
import { sortValues } from './sort.js';

const keyText = (item: unknown) => keyOf(constantOf(item)).toString('latin1');

/** The array after $push or $addToSet. */
export function pushed(operator: string, array: readonly unknown[], operand: unknown): unknown[] {
  const { $each: each, ...modifiers } = isDocument(operand) && '$each' in operand ? operand : { $each: [operand] };
  if (!Array.isArray(each))
    throw new CommandError(
      operator === '$addToSet' ? 14 : 2,
      `The argument to $each in ${operator} must be an array but it was of type: ${typeof each}`,
    );
  if (operator === '$addToSet') return added(array, each, modifiers);
  for (const name of Object.keys(modifiers))
    if (!['$position', '$slice', '$sort'].includes(name)) throw badValue(`Unrecognized clause in $push: ${name}`);
  const result = [...array];
  const position = modifiers.$position === undefined ? result.length : whole('$position', modifiers.$position);
  result.splice(position, 0, ...each);
  const sorted = modifiers.$sort === undefined ? result : sortValues(result, modifiers.$sort);
  if (modifiers.$slice === undefined) return sorted;
  const slice = whole('$slice', modifiers.$slice);
  return slice >= 0 ? sorted.slice(0, slice) : sorted.slice(slice);
}

/**
 * Whether an operator counts as a change though the document may be the same after it: $push of something, $unset of what is
 * there, be it a null in an array. Source: MongoDB's src/mongo/db/update/push_node.cpp, unset_node.cpp
 */
export function writesAnyway(operator: string, operand: unknown, current: unknown): boolean {
  if (operator === '$unset') return current !== undefined;
  if (operator !== '$push') return false;
  return !(isDocument(operand) && Array.isArray(operand['$each'])) || operand['$each'].length > 0 || '$sort' in operand;
}

function whole(name: string, value: unknown): number {
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(number))
    throw badValue(`The value for ${name} must be an integer value`);
  return number;
}

function added(array: readonly unknown[], each: readonly unknown[], modifiers: Document): unknown[] {
  if (Object.keys(modifiers).length > 0)
    throw badValue(`Found unexpected fields after $each in $addToSet: ${Object.keys(modifiers)}`);
  const result = [...array];
  const seen = new Set(array.map(keyText));
  for (const item of each) {
    const key = keyText(item);
    if (seen.has(key)) continue;
    seen.add(key);
    result.push(item);
  }
  return result;
}

/**
 * Which items $pull and $pullAll take away. A condition is asked of an item as of a field that has it, so that an array stands for
 * its own items; a value is compared with the whole. Source: MongoDB's src/mongo/db/update/pull_node.cpp
 */
export function pullTest(operator: string, operand: unknown): (item: unknown) => boolean {
  if (operator === '$pullAll') {
    const keys = new Set((operand as unknown[]).map(keyText));
    return (item) => keys.has(keyText(item));
  }
  const [first = ''] = Object.keys(isDocument(operand) ? operand : {});
  const ofDocuments = ['$and', '$or', '$nor'].includes(first);
  if ((isOperators(operand) && !ofDocuments) || operand instanceof BSONRegExp) {
    const { test } = compileFilter({ v: operand });
    return (item) => test(documentOf(unparse({ v: item })));
  }
  if (isDocument(operand)) {
    const { test } = compileFilter(operand);
    return (item) => isDocument(item) && test(documentOf(unparse(item)));
  }
  const key = keyText(operand);
  return (item) => keyText(item) === key;
}
