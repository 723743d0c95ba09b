import type { Document } from 'bson';
import { documentOf, unparse } from './codec.js';
import { badValue, CommandError } from './errors.js';
import { compileFilter } from './filter.js';
import { constantOf, keyOf } from './keys.js';
import { isDocument, numberOf } from './numeric.js';
import { positionMatched } from './positional.js';
import { shellText } from './shell-text.js';
import { typeName } from './types.js';
import { pullTest, pushed, writesAnyway } from './update-arrays.js';
import { checkViable, readAt, refuseArrays, removeAt, type Step, writeAt } from './update-paths.js';
import { bitwise, calculated, now } from './update-values.js';

/**
 * Changes a parsed document in place. `query` finds what `$` stands for; `inserting` lets $setOnInsert through.
 *
 * @returns whether it counts as modified even when it is the same as before
 */
export type Update = (doc: Document, query: Document, inserting: boolean) => boolean;

interface Change {
  readonly path: string;
  readonly operator: string;
  readonly operand: unknown;
}

const OPERATORS = new Set([
  '$set',
  '$setOnInsert',
  '$unset',
  '$inc',
  '$mul',
  '$min',
  '$max',
  '$rename',
  '$currentDate',
  '$push',
  '$pushAll',
  '$pull',
  '$pullAll',
  '$addToSet',
  '$pop',
  '$bit',
]);

/**
 * Compiles update operators.
 *
 * @throws CommandError FailedToParse for unknown operators, ConflictingUpdateOperators for two changes of one path
 */
export function compileUpdate(spec: Document, arrayFilters: readonly Document[] = []): Update {
  const changes: Change[] = [];
  for (const [operator, operands] of Object.entries(spec)) {
    if (!OPERATORS.has(operator) || operator === '$pushAll')
      throw new CommandError(
        9,
        `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
      );
    if (!isDocument(operands))
      throw new CommandError(
        9,
        `Modifiers operate on fields but we found type ${typeof operands} instead. For example: {$mod: {<field>: ...}}`,
      );
    for (const [path, operand] of Object.entries(operands)) {
      checkPath(path);
      changes.push({ path, operator, operand });
      if (operator === '$rename')
        changes.push({ path: renameTarget(path, operand), operator: '$renamed', operand: path });
    }
  }
  changes.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  refuseConflicts(changes);
  const filters = compileArrayFilters(arrayFilters);
  refuseUnused(filters, changes);
  return (doc, query, inserting) => {
    const matched = inserting ? {} : query; // what is new has no item by which anything was found
    let written = false;
    const renamed = new Map<string, unknown>();
    for (const { path, operator } of changes)
      if (operator === '$rename') renamed.set(path, readAt(doc, path.split('.')));
    for (const change of changes) {
      if (change.operator === '$setOnInsert' && !inserting) continue;
      for (const steps of concrete(doc, change.path, matched, filters)) {
        written ||= writesAnyway(change.operator, change.operand, readAt(doc, steps));
        apply(doc, steps, change, renamed);
      }
    }
    return written;
  };
}

export function checkPath(path: string): void {
  if (path === '') throw new CommandError(56, 'An empty update path is not valid.');
  for (const part of path.split('.')) {
    if (part === '')
      throw new CommandError(56, `The update path '${path}' contains an empty field name, which is not allowed.`);
    if (part === '__proto__') throw badValue("a path may not contain '__proto__'");
    if (part[0] === '$' && part !== '$' && !/^\$\[\w*\]$/.test(part) && !['$ref', '$id', '$db'].includes(part))
      throw new CommandError(
        52,
        `The dollar ($) prefixed field '${part}' in '${path}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
  }
}

function renameTarget(path: string, operand: unknown): string {
  if (typeof operand !== 'string') throw badValue(`The 'to' field for $rename must be a string: ${path}`);
  checkPath(operand);
  if (operand === path) throw badValue(`The source and target field for $rename must differ: ${path}`);
  return operand;
}

function refuseConflicts(changes: readonly Change[]): void {
  for (let i = 1; i < changes.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [changes[j]!.path, changes[i]!.path];
      if (a === b || b.startsWith(`${a}.`) || a.startsWith(`${b}.`) || bothWays(a, b))
        throw new CommandError(
          40,
          `Updating the path '${b}' would create a conflict at '${a.length < b.length ? a : b}'`,
        );
    }
  }
}

/** Whether one path takes items of an array as `$[...]` finds them where the other takes a named one. */
function bothWays(a: string, b: string): boolean {
  const [one, other] = [a.split('.'), b.split('.')];
  const at = one.findIndex((part, i) => part !== other[i]);
  return (one[at]?.startsWith('$[') ?? false) !== (other[at]?.startsWith('$[') ?? false);
}

type ArrayFilters = ReadonlyMap<string, (item: unknown) => boolean>;

function compileArrayFilters(arrayFilters: readonly Document[]): ArrayFilters {
  const compiled = new Map<string, (item: unknown) => boolean>();
  for (const filter of arrayFilters) {
    const names = new Set(namesOf(filter));
    const [name] = names;
    if (names.size !== 1 || name === undefined)
      throw new CommandError(9, 'Expected a single top-level field name in an array filter');
    if (compiled.has(name))
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${name}`);
    const { test } = compileFilter(filter);
    compiled.set(name, (item) => test(documentOf(unparse({ [name]: item }))));
  }
  return compiled;
}

function namesOf(filter: Document): string[] {
  return Object.entries(filter).flatMap(([name, operand]) =>
    name[0] === '$' && Array.isArray(operand) ? operand.flatMap(namesOf) : name.split('.')[0]!,
  );
}

function refuseUnused(filters: ArrayFilters, changes: readonly Change[]): void {
  for (const name of filters.keys())
    if (!changes.some(({ path }) => path.split('.').includes(`$[${name}]`)))
      throw new CommandError(9, `The array filter for identifier '${name}' was not used in the update`);
}

/** The positions a path stands for in this document: one, unless it says `$[]` or `$[name]`. */
function concrete(doc: Document, path: string, query: Document, filters: ArrayFilters): Step[][] {
  const parts = path.split('.');
  if (!path.includes('$')) return [parts];
  let found: Step[][] = [[]];
  parts.forEach((part, i) => {
    const named = /^\$\[(\w*)\]$/.exec(part);
    if (part !== '$' && !named) {
      found = found.map((steps) => [...steps, part]);
      return;
    }
    found = found.flatMap((steps) => {
      const array = readAt(doc, steps);
      if (part === '$') {
        const position = positionMatched(parts.slice(0, i).join('.'), array, query);
        if (position === undefined)
          throw badValue('The positional operator did not find the match needed from the query.');
        return [[...steps, position]];
      }
      if (!Array.isArray(array))
        throw badValue(`The path '${steps.join('.')}' must exist in the document in order to apply array updates.`);
      const name = named![1]!;
      const test = name === '' ? () => true : filters.get(name);
      if (!test) throw badValue(`No array filter found for identifier '${name}' in path '${path}'`);
      return array.flatMap((item, at) => (test(item) ? [[...steps, at]] : []));
    });
  });
  return found;
}

function apply(
  doc: Document,
  steps: Step[],
  { path, operator, operand }: Change,
  renamed: ReadonlyMap<string, unknown>,
): void {
  const current = readAt(doc, steps);
  switch (operator) {
    case '$set':
    case '$setOnInsert':
      writeAt(doc, steps, operand);
      break;
    case '$rename':
      checkViable(doc, steps);
      if (current === undefined) break;
      refuseArrays(doc, path, 'source');
      refuseArrays(doc, operand as string, 'destination');
      removeAt(doc, steps);
      break;
    case '$unset':
      removeAt(doc, steps);
      break;
    case '$renamed': {
      const value = renamed.get(operand as string);
      if (value !== undefined) writeAt(doc, steps, value);
      break;
    }
    case '$inc':
    case '$mul':
      writeAt(doc, steps, calculated(doc, path, operator, current, operand));
      break;
    case '$min':
    case '$max': {
      const order =
        current === undefined ? undefined : Buffer.compare(keyOf(constantOf(operand)), keyOf(constantOf(current)));
      if (order === undefined || (operator === '$min' ? order < 0 : order > 0)) writeAt(doc, steps, operand);
      break;
    }
    case '$currentDate':
      writeAt(doc, steps, now(operand));
      break;
    case '$bit':
      writeAt(doc, steps, bitwise(doc, path, current, operand));
      break;
    case '$push':
    case '$addToSet': {
      const array = arrayAt(doc, path, operator, current) ?? [];
      writeAt(doc, steps, pushed(operator, array, operand));
      break;
    }
    case '$pop':
    case '$pull':
    case '$pullAll':
      shrink(doc, steps, path, operator, operand);
      break;
  }
}

function arrayAt(doc: Document, path: string, operator: string, current: unknown): unknown[] | undefined {
  if (current === undefined || Array.isArray(current)) return current;
  const type = typeName(constantOf(current).type);
  if (operator === '$pull' || operator === '$pullAll') throw badValue(`Cannot apply ${operator} to a non-array value`);
  if (operator === '$pop') throw new CommandError(14, `Path '${path}' contains an element of non-array type '${type}'`);
  throw badValue(
    `The field '${path}' must be an array but is of type ${type} in document {_id: ${shellText(doc._id)}}`,
  );
}

function shrink(doc: Document, steps: Step[], path: string, operator: string, operand: unknown): void {
  checkViable(doc, steps);
  const array = arrayAt(doc, path, operator, readAt(doc, steps));
  if (!array) return;
  if (operator === '$pop') {
    const end = numberOf(operand);
    if (end !== 1 && end !== -1) throw new CommandError(9, `$pop expects 1 or -1, found: ${shellText(operand)}`);
    writeAt(doc, steps, end === 1 ? array.slice(0, -1) : array.slice(1));
    return;
  }
  if (operator === '$pullAll' && !Array.isArray(operand)) throw badValue('$pullAll requires an array argument');
  const test = pullTest(operator, operand);
  writeAt(
    doc,
    steps,
    array.filter((item) => !test(item)),
  );
}
