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
    else if (Object.hasOwn(FORMS, first)) FORMS[first]!(expression[first]);
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

function demandFields(operand: Document, codes: Record<string, number>, unknown: number, operator: string): void {
  for (const [name, code] of Object.entries(codes))
    if (!Object.hasOwn(operand, name)) throw new CommandError(code, `Missing '${name}' parameter to ${operator}`);
  for (const name in operand)
    if (!Object.hasOwn(codes, name)) throw new CommandError(unknown, `Unrecognized parameter to ${operator}: ${name}`);
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
  $setField: checkFieldName,
  $unsetField: checkFieldName,
  $filter: checkAs,
};
