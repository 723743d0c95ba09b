import type { Document } from 'bson';
import { CommandError } from '../errors.js';
import { refuseDollar } from '../field-path.js';
import { isDocument } from '../numeric.js';

/** Their values are not expressions. */
const NOT_AN_EXPRESSION = ['$literal', 'sortBy'];

/**
 * Judges what can be judged of an expression before there is a document.
 *
 * @throws CommandError for an object that is neither one operator nor fields, for operands that are missing or unknown, and
 * for names that no variable may have. Codes are those of MongoDB's expression.cpp
 */
export function checkForm(expression: unknown): void {
  if (expression === '$') throw new CommandError(16872, "'$' by itself is not a valid FieldPath");
  if (Array.isArray(expression)) for (const item of expression) checkForm(item);
  else if (isDocument(expression)) {
    const names = Object.keys(expression);
    const [first = ''] = names;
    if (first[0] !== '$') for (const name of names) checkField(name);
    else if (names.length > 1)
      throw new CommandError(15983, 'An object representing an expression must have exactly one field');
    else {
      if (Object.hasOwn(NAMED, first)) checkNamed(first, NAMED[first]!, expression[first]);
      if (Object.hasOwn(FORMS, first)) FORMS[first]!(expression[first]);
    }
    for (const name of names) if (!NOT_AN_EXPRESSION.includes(name)) checkForm(expression[name]);
  }
}

export function checkField(name: string): void {
  refuseDollar(name);
  if (name.includes('.'))
    throw new CommandError(16412, "FieldPath field names may not contain '.'. Consider using $getField or $setField.");
}

/** @throws CommandError 9 */
export function checkVariable(name: string): void {
  if (name !== 'CURRENT' && !/^[a-z\P{ASCII}][\w\P{ASCII}]*$/u.test(name))
    throw new CommandError(9, `'${name}' is no name for a user variable`);
}

const isOperands = (operand: unknown): operand is Document =>
  isDocument(operand) && Object.keys(operand)[0]?.[0] !== '$';

function demandFields(
  operand: Document,
  required: Record<string, number>,
  unknown: number,
  operator: string,
  optional: readonly string[] = [],
): void {
  for (const name in operand)
    if (!Object.hasOwn(required, name) && !optional.includes(name))
      throw new CommandError(unknown, `Unrecognized parameter to ${operator}: ${name}`);
  for (const [name, code] of Object.entries(required))
    if (!Object.hasOwn(operand, name)) throw new CommandError(code, `Missing '${name}' parameter to ${operator}`);
}

function checkCond(operand: unknown): void {
  const given = Array.isArray(operand) ? operand.length : 1;
  // biome-ignore lint/suspicious/noThenProperty: $switch and $cond call it that
  if (isOperands(operand)) demandFields(operand, { if: 17080, then: 17081, else: 17082 }, 17083, '$cond');
  else if (given !== 3)
    throw new CommandError(16020, `Expression $cond takes exactly 3 arguments. ${given} were passed in.`);
}

function checkSwitch(operand: unknown): void {
  if (!isDocument(operand)) throw new CommandError(40060, '$switch requires an object as an argument');
  const { branches, default: _otherwise, ...others } = operand;
  for (const name in others) throw new CommandError(40067, `$switch found an unknown argument: ${name}`);
  if (branches !== undefined && !Array.isArray(branches))
    throw new CommandError(40061, "$switch expected an array for 'branches'");
  if (!branches?.length) throw new CommandError(40068, '$switch requires at least one branch.');
  for (const branch of branches) {
    if (!isDocument(branch)) throw new CommandError(40062, '$switch expected each branch to be an object');
    // biome-ignore lint/suspicious/noThenProperty: $switch and $cond call it that
    demandFields(branch, { case: 40064, then: 40065 }, 40063, 'a branch of $switch');
  }
}

function checkAs(operand: unknown): void {
  const as = isDocument(operand) ? operand['as'] : undefined;
  if (typeof as === 'string') checkVariable(as);
}

function checkFieldName(operand: unknown): void {
  const field = isDocument(operand) ? operand['field'] : undefined;
  if (typeof field === 'string' && field[0] === '$')
    throw new CommandError(
      4161108,
      `A path is not allowed as the name of a field, did you mean {$literal: '${field}'}?`,
    );
}

/** What an operator with named operands takes, and the codes for what is wrong with them. */
interface Named {
  /** For what is no document; absent: anything else may stand for the operands. */
  readonly object?: number;
  readonly unknown: number;
  readonly required: Record<string, number>;
  readonly optional?: readonly string[];
}

const DATE_SHIFT: Named = {
  object: 5166400,
  unknown: 5166401,
  required: { startDate: 5166402, unit: 5166402, amount: 5166402 },
  optional: ['timezone'],
};
const TRIM: Named = { object: 50696, unknown: 50694, required: { input: 50695 }, optional: ['chars'] };
const REGEX: Named = {
  object: 51103,
  unknown: 31024,
  required: { input: 31022, regex: 31023 },
  optional: ['options'],
};
const REPLACE: Named = { object: 51751, unknown: 51750, required: { input: 51749, find: 51748, replacement: 51747 } };
const FIELD = { object: 4161100, unknown: 4161101 };
const DATE_PART: Named = { unknown: 40535, required: { date: 40539 }, optional: ['timezone'] };
const DATE_PARTS =
  '$year $month $week $dayOfMonth $dayOfWeek $dayOfYear $hour $minute $second $millisecond $isoDayOfWeek $isoWeek $isoWeekYear';

const NAMED: Record<string, Named> = {
  ...Object.fromEntries(DATE_PARTS.split(' ').map((operator) => [operator, DATE_PART])),
  $convert: {
    object: 9,
    unknown: 9,
    required: { input: 9, to: 9 },
    optional: ['onError', 'onNull', 'format', 'byteOrder'],
  },
  $dateAdd: DATE_SHIFT,
  $dateSubtract: DATE_SHIFT,
  $dateDiff: {
    object: 5166301,
    unknown: 5166302,
    required: { startDate: 5166303, endDate: 5166304, unit: 5166305 },
    optional: ['timezone', 'startOfWeek'],
  },
  $dateFromString: {
    object: 40540,
    unknown: 40541,
    required: { dateString: 40542 },
    optional: ['format', 'timezone', 'onNull', 'onError'],
  },
  $dateToParts: { object: 40524, unknown: 40520, required: { date: 40522 }, optional: ['timezone', 'iso8601'] },
  $dateToString: {
    object: 18629,
    unknown: 18534,
    required: { date: 18628 },
    optional: ['format', 'timezone', 'onNull'],
  },
  $dateTrunc: {
    object: 5439007,
    unknown: 5439008,
    required: { date: 5439009, unit: 5439010 },
    optional: ['binSize', 'timezone', 'startOfWeek'],
  },
  $filter: { object: 28646, unknown: 28647, required: { input: 28648, cond: 28650 }, optional: ['as', 'limit'] },
  $getField: { unknown: 3041701, required: { field: 3041702 }, optional: ['input'] },
  $let: { object: 16874, unknown: 16875, required: { vars: 16876, in: 16877 } },
  $ltrim: TRIM,
  $map: { object: 16878, unknown: 16879, required: { input: 16880, in: 16882 }, optional: ['as'] },
  $reduce: { object: 40075, unknown: 40076, required: { input: 40077, initialValue: 40078, in: 40079 } },
  $regexFind: REGEX,
  $regexFindAll: REGEX,
  $regexMatch: REGEX,
  $replaceAll: REPLACE,
  $replaceOne: REPLACE,
  $rtrim: TRIM,
  $setField: { ...FIELD, required: { field: 4161102, value: 4161103, input: 4161109 } },
  $sortArray: { object: 2942500, unknown: 2942501, required: { input: 2942502, sortBy: 2942503 } },
  $trim: TRIM,
  $unsetField: { ...FIELD, required: { field: 4161102, input: 4161109 } },
  $zip: { object: 34460, unknown: 34464, required: { inputs: 34465 }, optional: ['useLongestLength', 'defaults'] },
};

function checkNamed(operator: string, { object, unknown, required, optional }: Named, operand: unknown): void {
  if (object === undefined ? isOperands(operand) : isDocument(operand))
    demandFields(operand as Document, required, unknown, operator, optional);
  else if (object !== undefined) throw new CommandError(object, `${operator} requires an object of named arguments`);
}

const FORMS: Record<string, (operand: unknown) => void> = {
  $cond: checkCond,
  $switch: checkSwitch,
  $ifNull: (operand) => {
    if (!Array.isArray(operand) || operand.length < 2)
      throw new CommandError(1257300, '$ifNull needs at least two arguments');
  },
  $let: (operand) => {
    const vars = isDocument(operand) ? operand['vars'] : undefined;
    if (isDocument(vars)) for (const name in vars) checkVariable(name);
  },
  $map: checkAs,
  $setEquals: (operand) => {
    const given = Array.isArray(operand) ? operand.length : 1;
    if (given < 2) throw new CommandError(17045, `$setEquals needs at least two arguments had: ${given}`);
  },
  $setField: checkFieldName,
  $unsetField: checkFieldName,
  $filter: checkAs,
};
