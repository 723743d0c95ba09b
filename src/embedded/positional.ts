import type { Document } from 'bson';
import { documentOf, unparse } from './codec.js';
import { badValue } from './errors.js';
import { compileFilter } from './filter.js';
import { writeAt } from './update-paths.js';

/** The first item of the array at `path` by which the query can have matched; what `$` stands for. */
export function positionMatched(_doc: Document, path: string, array: unknown, query: Document): number {
  const conditions: Document[] = [];
  collect(query, path, conditions);
  if (!Array.isArray(array) || conditions.length === 0)
    throw badValue('The positional operator did not find the match needed from the query.');
  const { test } = compileFilter({ $and: conditions });
  const position = array.findIndex((item) => {
    const alone: Document = {};
    writeAt(alone, path.split('.'), [item]);
    return test(documentOf(unparse(alone)));
  });
  if (position < 0) throw badValue('The positional operator did not find the match needed from the query.');
  return position;
}

function collect(query: Document, path: string, into: Document[]): void {
  for (const [name, operand] of Object.entries(query)) {
    if (name === path || name.startsWith(`${path}.`)) into.push({ [name]: operand });
    else if (name === '$and' && Array.isArray(operand)) for (const part of operand) collect(part, path, into);
    else if (name === '$or' && Array.isArray(operand)) {
      const parts: Document[] = [];
      for (const part of operand) collect(part, path, parts);
      if (parts.length > 0) into.push({ $or: parts });
    }
  }
}
