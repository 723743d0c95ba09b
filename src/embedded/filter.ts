import { BSONRegExp, type Document } from 'bson';
import { expressionOf } from './aggregation/engine.js';
import { isTruthy, promoted } from './aggregation/values.js';
import { bitsTest } from './bits.js';
import { badValue, CommandError, notSupported } from './errors.js';
import { type Fact, isExact } from './facts.js';
import { constantOf, keyOf } from './keys.js';
import { modulo } from './modulo.js';
import { isDocument, numberOf } from './numeric.js';
import { eachItem, type Found, type Path, pathOf, visitPath } from './paths.js';
import { among, countItems, equalTo, isOperators, ordered, type Predicate, type Test } from './predicates.js';
import { slice, TYPE, type Value } from './raw.js';
import { regexTest } from './text.js';
import { typesOf } from './types.js';

/** A filter, compiled: a test on raw documents, and what the planner may use of it. */
export interface Filter {
  readonly test: (doc: Value) => boolean;
  readonly facts: readonly Fact[];
  /** Whether the facts say all that the filter says, of documents without arrays. */
  readonly exact: boolean;
  /** For each $or in the conjunction: the facts of its branches; each of them must be indexed to be of use. */
  readonly ors: readonly (readonly Filter[])[];
  readonly empty: boolean;
}

const MAX_FILTER_DEPTH = 100;

/**
 * Compiles a MongoDB filter.
 *
 * @throws CommandError BadValue for operators or operands MongoDB refuses too, NotImplemented for $where, $text and such
 */
export function compileFilter(filter: Document, variables: Document = {}, depth = 0): Filter {
  if (depth > MAX_FILTER_DEPTH) throw badValue('filter is nested too deeply');
  const tests: Test[] = [];
  const facts: Fact[] = [];
  const ors: (readonly Filter[])[] = [];
  let exact = true;
  for (const [name, operand] of Object.entries(filter)) {
    const known = facts.length;
    if (name[0] !== '$') tests.push(compileField(name, operand, facts, depth));
    else if (name === '$expr') tests.push(expression(operand, variables, facts));
    else tests.push(compileTop(name, operand, facts, ors, variables, depth));
    exact &&= name[0] !== '$' && saysAll(operand, facts.slice(known));
  }
  const test: Test =
    tests.length === 1 ? tests[0]! : tests.length === 0 ? () => true : (doc) => tests.every((one) => one(doc));
  return { test, facts, exact, ors, empty: tests.length === 0 };
}

const SAID_BY_A_FACT = new Set(['$eq', '$in', '$gt', '$gte', '$lt', '$lte']);

/** Whether each operator of a field became a fact that is exact. */
function saysAll(operand: unknown, facts: readonly Fact[]): boolean {
  const operators = isOperators(operand) ? Object.keys(operand) : ['$eq'];
  return (
    operators.length === facts.length && operators.every((name) => SAID_BY_A_FACT.has(name)) && facts.every(isExact)
  );
}

function compileTop(
  name: string,
  operand: unknown,
  facts: Fact[],
  ors: (readonly Filter[])[],
  variables: Document,
  depth: number,
): Test {
  switch (name) {
    case '$and': {
      const parts = branches(name, operand, variables, depth);
      for (const part of parts) {
        facts.push(...part.facts);
        ors.push(...part.ors);
      }
      return (doc) => parts.every((part) => part.test(doc));
    }
    case '$or': {
      const parts = branches(name, operand, variables, depth);
      ors.push(parts);
      return (doc) => parts.some((part) => part.test(doc));
    }
    case '$nor': {
      const parts = branches(name, operand, variables, depth);
      return (doc) => !parts.some((part) => part.test(doc));
    }
    case '$comment':
      return () => true;
    case '$alwaysTrue':
    case '$alwaysFalse':
      if (numberOf(operand) !== 1) throw new CommandError(9, `${name} must be an integer value of 1`);
      return () => name === '$alwaysTrue';
    case '$where':
    case '$text':
    case '$jsonSchema':
    case '$sampleRate':
      throw notSupported(name);
    default:
      throw badValue(
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

/** An equality with a constant that is no array is known to the planner too: a document that has it has such an index entry. */
function expression(operand: unknown, variables: Document, facts: Fact[]): Test {
  const holds = expressionOf(operand, variables);
  const [path, to] = isDocument(operand) && Array.isArray(operand['$eq']) ? (operand['$eq'] as unknown[]) : [];
  if (typeof path === 'string' && /^\$[^$]/.test(path)) {
    const value = typeof to === 'string' && /^\$[^$]/.test(to) ? undefined : expressionOf(to, variables)({});
    if (value !== undefined && value !== null && !Array.isArray(value))
      facts.push({ path: path.slice(1), kind: 'eq', keys: [keyOf(constantOf(value))], nullable: false });
  }
  return (doc) => isTruthy(holds(promoted(slice(doc))));
}

function branches(name: string, operand: unknown, variables: Document, depth: number): Filter[] {
  if (!Array.isArray(operand)) throw badValue(`${name} must be an array`);
  if (operand.length === 0) throw badValue('$and/$or/$nor must be a nonempty array');
  return operand.map((part) => {
    if (!isDocument(part)) throw badValue('$or/$and/$nor entries need to be full objects');
    return compileFilter(part, variables, depth + 1);
  });
}

/** How a predicate is brought to a value: along a path, or (inside $elemMatch) to an array item itself. */
type Reach = (predicate: Predicate) => Test;

const onItem: Reach = ({ test, negate }) => (negate ? (value) => !test(value) : test);

function onPath(path: Path): Reach {
  return ({ test, whole, negate }) => {
    const found: Found = whole
      ? test
      : (value, exact) => test(value) || (value.type === TYPE.array && !exact && eachItem(value, test));
    return negate ? (doc) => !visitPath(doc, path, found) : (doc) => visitPath(doc, path, found);
  };
}

function compileField(name: string, operand: unknown, facts: Fact[], depth: number): Test {
  const reach = onPath(pathOf(name));
  if (!isOperators(operand)) return reach(equalTo(name, operand, facts));
  return every(compileOperators(reach, name, operand, facts, depth));
}

function every(tests: readonly Test[]): Test {
  return tests.length === 1 ? tests[0]! : (value) => tests.every((test) => test(value));
}

/** Compiles the operators of one field into a test of a value itself, as $elemMatch and $pull need it. */
function compileValueTest(operators: Document, depth = 0): Test {
  return every(compileOperators(onItem, '', operators, [], depth + 1));
}

function compileOperators(reach: Reach, name: string, operators: Document, facts: Fact[], depth: number): Test[] {
  if (depth > MAX_FILTER_DEPTH) throw badValue('filter is nested too deeply');
  return Object.entries(operators).flatMap(([operator, operand]) => {
    switch (operator) {
      case '$all':
        return all(reach, name, operand, facts, depth);
      case '$not': {
        const test = not(reach, name, operand, depth);
        return (value: Value) => !test(value);
      }
      case '$elemMatch':
        return reach(elementMatch(operand, depth));
      case '$comment':
        return [];
      case '$options':
        if (!('$regex' in operators)) throw badValue('$options needs a $regex');
        return [];
      default:
        return reach(compileOperator(name, operator, operand, operators, facts));
    }
  });
}

function compileOperator(
  name: string,
  operator: string,
  operand: unknown,
  siblings: Document,
  facts: Fact[],
): Predicate {
  switch (operator) {
    case '$eq':
      return equalTo(name, operand, facts, true);
    case '$ne':
      if (operand instanceof BSONRegExp) throw badValue("Can't have regex as arg to $ne.");
      return { ...equalTo(name, operand, [], true), negate: true };
    case '$gt':
    case '$gte':
    case '$lt':
    case '$lte':
      return ordered(name, operator, operand, facts);
    case '$in':
      return among(name, operator, operand, facts);
    case '$nin':
      return { ...among(name, operator, operand, []), negate: true };
    case '$exists': {
      const wanted = isTruthy(operand);
      if (wanted) facts.push({ path: name, kind: 'exists', keys: [], nullable: false });
      return { test: (value) => value.type !== TYPE.missing, whole: true, negate: !wanted };
    }
    case '$type': {
      const types = typesOf(operand);
      return { test: (value) => types.has(value.type) };
    }
    case '$size': {
      const size = numberOf(operand);
      if (size === undefined || !Number.isInteger(size)) throw badValue('$size must be a whole number');
      if (size < 0) throw badValue('$size may not be negative');
      return { test: (value) => value.type === TYPE.array && countItems(value) === size, whole: true };
    }
    case '$mod':
      return modulo(operand);
    case '$regex':
      return { test: regexTest(operand, siblings.$options) };
    case '$bitsAllSet':
    case '$bitsAllClear':
    case '$bitsAnySet':
    case '$bitsAnyClear':
      return { test: bitsTest(operator, operand) };
    case '$geoWithin':
    case '$geoIntersects':
    case '$near':
    case '$nearSphere':
      throw notSupported(operator);
    default:
      throw badValue(`unknown operator: ${operator}`);
  }
}

function all(reach: Reach, name: string, operand: unknown, facts: Fact[], depth: number): Test[] {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  if (operand.length === 0) return [() => false];
  return operand.map((item) => {
    if (isDocument(item) && '$elemMatch' in item) return reach(elementMatch(item.$elemMatch, depth));
    if (isOperators(item)) throw badValue('no $ expressions in $all');
    return reach(equalTo(name, item, facts));
  });
}

function elementMatch(operand: unknown, depth: number): Predicate {
  if (!isDocument(operand)) throw badValue('$elemMatch needs an Object');
  refuseExpressions(operand);
  const first = Object.keys(operand)[0] ?? '';
  if (first[0] === '$' && !['$and', '$or', '$nor', '$expr'].includes(first)) {
    const test = compileValueTest(operand, depth);
    return { test: (value) => value.type === TYPE.array && eachItem(value, test), whole: true };
  }
  const { test } = compileFilter(operand, {}, depth + 1);
  const onObject: Test = (item) => (item.type === TYPE.object || item.type === TYPE.array) && test(item);
  return { test: (value) => value.type === TYPE.array && eachItem(value, onObject), whole: true };
}

function refuseExpressions(filter: Document): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$expr') throw badValue('$expr can only be applied to the top-level document');
    if (['$and', '$or', '$nor'].includes(name) && Array.isArray(operand))
      for (const part of operand) if (isDocument(part)) refuseExpressions(part);
  }
}

function not(reach: Reach, name: string, operand: unknown, depth: number): Test {
  if (operand instanceof BSONRegExp) return reach(equalTo(name, operand, []));
  if (!isOperators(operand)) throw badValue('$not needs a regex or a document');
  return every(compileOperators(reach, name, operand, [], depth + 1));
}
