import { BSONRegExp, type Document } from 'bson';
import { CommandError } from './errors.js';
import { isDocument } from './numeric.js';
import { isOperators } from './predicates.js';
import { checkPath } from './update.js';
import { writeAt } from './update-paths.js';

/**
 * The document an upsert begins with: what the query demands by equality.
 *
 * @throws CommandError NotSingleValueField when it demands two values of one path
 */
export function seedOf(query: Document): Document {
  const seed: Document = {};
  collectSeeds(query, seed, []);
  return seed;
}

/** The `_id` that the query demands; a replacement takes nothing else from it. */
export function idSeedOf(query: Document): { _id?: unknown } {
  return seedOf({ $and: idsIn(query) });
}

function idsIn(query: Document): Document[] {
  return Object.entries(query).flatMap(([name, operand]) => {
    if (name === '_id') return [{ _id: operand }];
    const all = Array.isArray(operand) && (name === '$and' || (name === '$or' && operand.length === 1));
    return all ? operand.flatMap(idsIn) : [];
  });
}

function collectSeeds(query: Document, seed: Document, planted: string[]): void {
  for (const [name, operand] of Object.entries(query)) {
    if (name === '$and') for (const part of operand as Document[]) collectSeeds(part, seed, planted);
    else if (name === '$or' && Array.isArray(operand) && operand.length === 1) collectSeeds(operand[0], seed, planted);
    else if (name[0] === '$') continue;
    else if (operand instanceof BSONRegExp) continue;
    else if (!isOperators(operand)) plant(seed, planted, name, operand);
    else {
      if ('$eq' in operand) plant(seed, planted, name, operand['$eq']);
      if (Array.isArray(operand['$in']) && operand['$in'].length === 1 && !(operand['$in'][0] instanceof BSONRegExp))
        plant(seed, planted, name, operand['$in'][0]);
      if (Array.isArray(operand['$all']))
        for (const item of operand['$all'])
          if (!(isDocument(item) && '$elemMatch' in item) && !(item instanceof BSONRegExp))
            plant(seed, planted, name, item);
    }
  }
}

function plant(seed: Document, planted: string[], path: string, value: unknown): void {
  checkPath(path);
  for (const other of planted) {
    const [short, long] = [path, other].sort((a, b) => a.length - b.length) as [string, string];
    if (short === long || long.startsWith(`${short}.`))
      throw new CommandError(
        54,
        `cannot infer query fields to set, ${short === long ? `path '${path}' is matched twice` : `both paths '${long}' and '${short}' are matched`}`,
      );
  }
  planted.push(path);
  writeAt(seed, path.split('.'), value);
}
