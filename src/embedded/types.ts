import { badValue, CommandError } from './errors.js';
import { numberOf } from './numeric.js';
import { TYPE } from './raw.js';

const ALIASES: Record<string, number> = {
  double: TYPE.double,
  string: TYPE.string,
  object: TYPE.object,
  array: TYPE.array,
  binData: TYPE.binary,
  undefined: TYPE.undefined,
  objectId: TYPE.objectId,
  bool: TYPE.boolean,
  date: TYPE.date,
  null: TYPE.null,
  regex: TYPE.regex,
  dbPointer: TYPE.dbPointer,
  javascript: TYPE.code,
  symbol: TYPE.symbol,
  javascriptWithScope: TYPE.codeWithScope,
  int: TYPE.int,
  timestamp: TYPE.timestamp,
  long: TYPE.long,
  decimal: TYPE.decimal,
  minKey: TYPE.minKey,
  maxKey: TYPE.maxKey,
};
const KNOWN = new Set<number>(Object.values(ALIASES));

/** The BSON type bytes that an operand of $type names. */
export function typesOf(operand: unknown): Set<number> {
  const types = new Set<number>();
  for (const item of Array.isArray(operand) ? operand : [operand]) {
    if (item === 'number') for (const type of [TYPE.double, TYPE.int, TYPE.long, TYPE.decimal]) types.add(type);
    else if (typeof item === 'string') {
      const type = ALIASES[item];
      if (type === undefined) throw badValue(`Unknown type name alias: ${item}`);
      types.add(type);
    } else {
      const number = numberOf(item);
      const type = number === -1 ? TYPE.minKey : number;
      if (type === undefined || !KNOWN.has(type)) throw badValue(`Invalid numerical type code: ${String(item)}`);
      types.add(type);
    }
  }
  if (types.size === 0) throw new CommandError(9, '$type must match at least one type');
  return types;
}

const NAMES = new Map(Object.entries(ALIASES).map(([name, type]) => [type, name]));

/** A type's name as error messages give it. */
export function typeName(type: number): string {
  return NAMES.get(type) ?? 'missing';
}
