import { BSONRegExp, type Document } from 'bson';
import { isTruthy } from '../aggregation/values.js';
import { CommandError, notSupported } from '../errors.js';
import { compileFilter } from '../filter.js';
import { isDocument, numberOf } from '../numeric.js';
import { isOperators } from '../predicates.js';

const INDEX_OPTIONS = [
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'v',
  'ns',
];
const MAX_EXPIRE_SECONDS = 2147483647;
const TYPES = ['text', 'hashed', '2d', '2dsphere', 'geoHaystack'];
const OF_A_FULL_MONGODB = [
  'hidden',
  'collation',
  'storageEngine',
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'wildcardProjection',
  'clustered',
  'prepareUnique',
];
const IN_PARTIAL = ['$eq', '$exists', '$gt', '$gte', '$lt', '$lte', '$type', '$in', '$and'];

/** What createIndexes keeps of an index's description. @throws CommandError for what this store cannot index */
export function specOf(given: Document): Document {
  if (!isDocument(given)) throw new CommandError(14, 'An index specification must be an object');
  const { key } = given;
  if (key === undefined) throw new CommandError(9, "The 'key' field is a required property of an index specification");
  if (!isDocument(key)) throw new CommandError(14, "The field 'key' must be an object");
  if (Object.keys(key).length === 0) throw new CommandError(67, 'Index keys cannot be an empty object');
  for (const [path, direction] of Object.entries(key)) {
    if (typeof direction === 'string') {
      if (TYPES.includes(direction)) throw notSupported(`an index of type ${direction}`);
      throw new CommandError(67, `Unknown index plugin '${direction}'`);
    }
    if (path.includes('$**')) throw notSupported('a wildcard index');
    const number = numberOf(direction);
    if (!number)
      throw new CommandError(
        67,
        `Values in v:2 index key pattern cannot be of type ${typeof direction}. Only numbers > 0, numbers < 0, and strings are allowed.`,
      );
    if (path === '' || path.split('.').some((part) => part === '' || part[0] === '$'))
      throw new CommandError(67, `Index key contains an illegal field name: '${path}'`);
  }
  for (const [option, value] of Object.entries(given)) {
    if (INDEX_OPTIONS.includes(option) || value === undefined || value === null) continue;
    if (option === 'hidden' && value === false) continue;
    if (option === 'collation' && isDocument(value) && value.locale === 'simple') continue;
    if (OF_A_FULL_MONGODB.includes(option)) throw notSupported(`an index with ${option}`);
    throw new CommandError(197, `The field '${option}' is not valid for an index specification`);
  }
  if (given.name === undefined)
    throw new CommandError(9, "The 'name' field is a required property of an index specification");
  if (typeof given.name !== 'string') throw new CommandError(14, "The field 'name' must be a string");
  if (given.name === '') throw new CommandError(67, 'index name cannot be empty');
  if (given.sparse === true && given.partialFilterExpression !== undefined)
    throw new CommandError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  if (given.partialFilterExpression !== undefined) {
    if (!isDocument(given.partialFilterExpression))
      throw new CommandError(14, 'partialFilterExpression has to be a document');
    compileFilter(given.partialFilterExpression);
    refuseInPartial(given.partialFilterExpression);
  }
  return { v: 2, key, name: given.name, ...flags(given), ...expiry(given, key) };
}

/** @throws CommandError 67. Source: MongoDB's manual, "Partial Indexes" */
function refuseInPartial(filter: Document): void {
  for (const [name, operand] of Object.entries(filter))
    if (name === '$and' || name === '$or') for (const part of operand as Document[]) refuseInPartial(part);
    else if (name[0] === '$') throw notInPartial(name);
    else if (isOperators(operand)) {
      for (const [operator, of] of Object.entries(operand))
        if (!IN_PARTIAL.includes(operator) || (operator === '$exists' && !isTruthy(of))) throw notInPartial(operator);
    } else if (operand instanceof BSONRegExp) throw notInPartial('$regex');
}

const notInPartial = (operator: string) =>
  new CommandError(67, `Expression not supported in partial index: ${operator}`);

function flags(given: Document): Document {
  return {
    ...(given.unique === true ? { unique: true } : {}),
    ...(given.sparse === true ? { sparse: true } : {}),
    ...(given.partialFilterExpression === undefined ? {} : { partialFilterExpression: given.partialFilterExpression }),
  };
}

export function expiry(given: Document, key: Document): Document {
  if (given.expireAfterSeconds === undefined || given.expireAfterSeconds === null) return {};
  if (Object.keys(key).length > 1)
    throw new CommandError(67, 'TTL indexes are single-field indexes, compound indexes do not support TTL');
  return { expireAfterSeconds: seconds(given.expireAfterSeconds) };
}

function seconds(value: unknown): number {
  const number = numberOf(value);
  if (number === undefined || number < 0 || number > MAX_EXPIRE_SECONDS)
    throw new CommandError(
      67,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than ${number}`,
    );
  return Math.trunc(number);
}
