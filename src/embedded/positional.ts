import type { Document } from 'bson';
import { isTruthy } from './aggregation/values.js';
import { documentOf, unparse } from './codec.js';
import { compileFilter } from './filter.js';
import { isOperators } from './predicates.js';
import { writeAt } from './update-paths.js';

/**
 * The place of the first item of the array at `path` by which the query can have matched; what `$` stands for. A condition on a numbered place
 * of the array says nothing of that, but where the number is the name of a field. Source: MongoDB's src/mongo/db/matcher/path.cpp
 */
export function positionMatched(path: string, array: unknown, query: Document): number | undefined {
  const conditions: Document[] = [];
  collect(query, path, conditions);
  if (!Array.isArray(array) || conditions.length === 0) return undefined;
  const within = conditions.filter((one) => !/^\d+(\.|$)/.test(Object.keys(one)[0]!.slice(path.length + 1)));
  const { test } = compileFilter({ $and: within.length > 0 ? within : conditions });
  const position = array.findIndex((item) => {
    const alone: Document = {};
    const byName = Array.isArray(item) ? null : item;
    writeAt(alone, path.split('.'), within.length > 0 ? [item] : byName);
    return test(documentOf(unparse(alone)));
  });
  return position < 0 ? undefined : position;
}

function collect(query: Document, path: string, into: Document[]): void {
  for (const [name, operand] of Object.entries(query)) {
    if (name === path) into.push(...ofItems(operand).map((one) => ({ [name]: { $elemMatch: one } })));
    else if (name.startsWith(`${path}.`)) {
      const told = isOperators(operand) ? withoutNegations(operand) : operand;
      if (told) into.push({ [name]: told });
    } else if (name === '$and' || (name === '$or' && operand.length === 1))
      for (const part of operand) collect(part, path, into);
    else if (name === '$or' && operand.every((part: Document) => isEquality(part, operand[0])))
      collect(
        { [Object.keys(operand[0])[0]!]: { $in: operand.map((part: Document) => Object.values(part)[0]) } },
        path,
        into,
      );
  }
}

/** What a condition says of items: what is true of the array as a whole, as its size or that it equals one, notes no position. */
function ofItems(operand: unknown): Document[] {
  if (!isOperators(operand)) return [{ $in: [operand] }];
  const { $elemMatch, $size: _ofTheWhole, ...others } = withoutNegations(operand) ?? {};
  return [...($elemMatch ? [$elemMatch] : []), ...(Object.keys(others).length > 0 ? [others] : [])];
}

/** MongoDB notes no position for these. Source: its expression_tree.cpp, NotMatchExpression. */
function withoutNegations(operators: Document): Document | undefined {
  const told = Object.entries(operators).filter(
    ([name, operand]) => !['$ne', '$nin', '$not'].includes(name) && (name !== '$exists' || isTruthy(operand)),
  );
  return told.length > 0 ? Object.fromEntries(told) : undefined;
}

/** An `$or` notes none either, unless it can be had as one `$in`. */
function isEquality(part: Document, first: Document): boolean {
  const [[name, operand] = ['', undefined], ...more] = Object.entries(part);
  return more.length === 0 && name === Object.keys(first)[0] && !isOperators(operand);
}
