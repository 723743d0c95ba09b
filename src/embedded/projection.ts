import type { Document } from 'bson';
import { expressionOf } from './aggregation/engine.js';
import { flattened, setComputed } from './aggregation/fields.js';
import { encode, promoted } from './aggregation/values.js';
import { documentOf, parse, unparse } from './codec.js';
import { badValue, CommandError } from './errors.js';
import { fieldPath } from './field-path.js';
import { compileFilter } from './filter.js';
import { isDocument, numberOf } from './numeric.js';
import { positionMatched } from './positional.js';
import { eachElement, sizeOf } from './raw.js';
import { readAt } from './update-paths.js';

export type Projection = (raw: Buffer) => Buffer;

/** Paths, step by step; `computed`: something is put in below, also into what is no document. */
class Tree extends Map<string, Tree | true> {
  computed = false;
}

/**
 * Compiles a find projection: inclusion or exclusion (dotted too), $slice, $elemMatch, the positional `$`, expressions.
 *
 * @throws CommandError when inclusion and exclusion are mixed
 */
export function compileProjection(
  spec: Document | undefined,
  query: Document,
  variables: Document = {},
  ofStage = false,
): Projection | undefined {
  if (spec === undefined || spec === null) return undefined;
  if (!isDocument(spec)) throw new CommandError(14, "BSON field 'projection' is the wrong type, expected an object");
  if (Object.keys(spec).length === 0) return undefined;
  const include: string[] = [];
  const exclude: string[] = [];
  const special: [path: string, operand: unknown][] = [];
  const entries = flattened(spec);
  if (ofStage) refuseFinds(entries);
  treeOf(entries.map(([path]) => path.replace(/\.\$$/, '')));
  let id: boolean | undefined;
  for (const [path, operand] of entries) {
    const flag = flagOf(operand);
    if (flag === undefined) special.push([path, operand]);
    else if (path === '_id') id = flag;
    else if (path.endsWith('.$')) special.push([path, operand]);
    else (flag ? include : exclude).push(path);
  }
  const computed = special.filter(([path, operand]) => !isSlice(operand) || path.endsWith('.$'));
  refuseMixture(entries);
  const including = include.length > 0 || (exclude.length === 0 && (id === true || computed.length > 0));
  const names = including ? [...include] : [...exclude];
  if (including ? id !== false : id === false) names.push('_id');
  const withoutId = including && id === false;
  if (special.length === 0 && names.every((name) => !name.includes('.')))
    return copyTopLevel(new Set(names), including);
  const kept = including
    ? [
        ...names,
        ...special
          .filter(([path, operand]) => !isExpression(operand) || path.endsWith('.$'))
          .map(([path]) => path.replace(/\.\$$/, '')),
      ]
    : names;
  const tree = treeOf(kept);
  if (including)
    for (const [path, operand] of special)
      if (isExpression(operand) && !path.endsWith('.$')) addComputed(tree, path.split('.'));
  const changes = special.map(([path, operand]) => specialOf(path, operand, query, variables));
  return (raw) => {
    const doc = parse(raw);
    const result = including ? included(doc, tree) : excluded(doc, tree);
    if (withoutId) delete result._id;
    return encode(changes.reduce((shown, change) => change(shown, doc, raw), result));
  };
}

/** The first field says whether it is an inclusion, except for `_id`, and for $slice and $elemMatch, which do for both. */
function refuseMixture(entries: readonly (readonly [path: string, operand: unknown])[]): void {
  let including: boolean | undefined;
  for (const [path, operand] of entries) {
    if (isDocument(operand) && Object.keys(operand).length === 0)
      throw new CommandError(51270, `An empty sub-projection is not a valid value. Found empty object at path ${path}`);
    const flag = flagOf(operand);
    if (flag === undefined ? !isExpression(operand) : path === '_id') continue;
    if (including === false && flag === undefined)
      throw new CommandError(
        isDocument(operand) ? 31252 : 31310,
        `Cannot use an expression for ${path} in an exclusion projection`,
      );
    if (including !== undefined && including !== (flag ?? true))
      throw new CommandError(
        including ? 31254 : 31253,
        `Cannot do ${including ? 'exclusion' : 'inclusion'} on field ${path} in ${including ? 'inclusion' : 'exclusion'} projection`,
      );
    including = flag ?? true;
  }
}

/** What find has and $project has not: there $slice is the expression. */
function refuseFinds(entries: readonly (readonly [path: string, operand: unknown])[]): void {
  for (const [path, operand] of entries) {
    fieldPath(path);
    if (isDocument(operand) && '$elemMatch' in operand) throw new CommandError(31325, 'Unknown expression $elemMatch');
    if (!isSlice(operand)) continue;
    throw Array.isArray(operand.$slice) && operand.$slice.length > 1
      ? new CommandError(28724, 'First argument to $slice must be an array')
      : new CommandError(28667, 'Expression $slice takes at least 2 arguments, and at most 3');
  }
}

function flagOf(operand: unknown): boolean | undefined {
  if (typeof operand === 'boolean') return operand;
  const number = numberOf(operand);
  return number === undefined ? undefined : number !== 0;
}

const isSlice = (operand: unknown): operand is { $slice: unknown } =>
  isDocument(operand) &&
  '$slice' in operand &&
  (!Array.isArray(operand['$slice']) || operand['$slice'].every((part) => numberOf(part) !== undefined));
const isExpression = (operand: unknown) => !isSlice(operand) && !(isDocument(operand) && '$elemMatch' in operand);

function copyTopLevel(names: ReadonlySet<string>, including: boolean): Projection {
  return (raw) => {
    const out = Buffer.allocUnsafe(raw.length);
    let pos = 4;
    eachElement(raw, 0, (type, nameAt, nameEnd, at) => {
      if (names.has(raw.toString('utf8', nameAt, nameEnd)) === including) {
        const end = at + sizeOf(raw, type, at);
        pos += raw.copy(out, pos, nameAt - 1, end);
      }
      return false;
    });
    out[pos++] = 0;
    out.writeInt32LE(pos, 0);
    return out.subarray(0, pos);
  };
}

function treeOf(paths: readonly string[]): Tree {
  const tree = new Tree();
  for (const path of paths) {
    let node = tree;
    const parts = fieldPath(path);
    parts.forEach((part, i) => {
      if (part === '__proto__') throw badValue("a path may not contain '__proto__'");
      const next = node.get(part);
      if (i === parts.length - 1) {
        if (next !== undefined && next !== true) throw new CommandError(31250, `Path collision at ${path}`);
        node.set(part, true);
      } else if (next === true)
        throw new CommandError(31249, `Path collision at ${path} remaining portion ${parts.slice(i + 1).join('.')}`);
      else {
        const inner = next ?? new Tree();
        node.set(part, inner);
        node = inner;
      }
    });
  }
  return tree;
}

/** What lies on the way to something computed is kept, so that it can be put into each item of an array. */
function addComputed(tree: Tree, [first, ...rest]: readonly string[]): void {
  if (rest.length === 0) return;
  const next = tree.get(first!);
  const inner = next instanceof Tree ? next : new Tree();
  inner.computed = true;
  tree.set(first!, inner);
  addComputed(inner, rest);
}

function included(doc: Document, tree: Tree): Document {
  const result: Document = {};
  for (const [name, value] of Object.entries(doc)) {
    const node = tree.get(name);
    if (node === true) result[name] = value;
    else if (node) {
      const inner = includedInside(value, node);
      if (inner !== undefined) result[name] = inner;
    }
  }
  return result;
}

function includedInside(value: unknown, tree: Tree): unknown {
  if (isDocument(value)) return included(value, tree);
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item) => includedInside(item, tree) ?? (tree.computed ? null : undefined));
  return items.filter((item) => item !== undefined);
}

function excluded(doc: Document, tree: Tree): Document {
  const result: Document = {};
  for (const [name, value] of Object.entries(doc)) {
    const node = tree.get(name);
    if (node === true) continue;
    result[name] = node ? excludedInside(value, node) : value;
  }
  return result;
}

function excludedInside(value: unknown, tree: Tree): unknown {
  if (isDocument(value)) return excluded(value, tree);
  return Array.isArray(value) ? value.map((item) => excludedInside(item, tree)) : value;
}

/** A field that is neither simply shown nor left out. */
function specialOf(
  path: string,
  operand: unknown,
  query: Document,
  variables: Document,
): (result: Document, doc: Document, raw: Buffer) => Document {
  if (path.endsWith('.$')) {
    const arrayPath = path.slice(0, -2);
    return (result, doc) => {
      const array = readAt(doc, arrayPath.split('.'));
      if (!Array.isArray(array)) return result;
      const position = positionMatched(arrayPath, array, query);
      if (position === undefined)
        throw new CommandError(51246, "positional operator '.$' couldn't find a matching element in the array");
      return replace(result, arrayPath, () => [array[position]]);
    };
  }
  if (isSlice(operand))
    return (result) => replace(result, path, (value) => (Array.isArray(value) ? sliced(value, operand.$slice) : value));
  if (isDocument(operand) && '$elemMatch' in operand) {
    const { test } = compileFilter({ v: { $elemMatch: operand['$elemMatch'] } });
    return (result) =>
      replace(result, path, (value) => {
        const item = Array.isArray(value) ? value.find((one) => test(documentOf(unparse({ v: [one] })))) : undefined;
        return item === undefined ? undefined : [item];
      });
  }
  const value = expressionOf(operand, variables);
  const steps = path.split('.');
  return (result, _doc, raw) => setComputed(result, steps, () => value(promoted(raw))) as Document;
}

/** Changes the value at a path of a copy; an undefined one goes away. */
function replace(result: Document, path: string, change: (value: unknown) => unknown): Document {
  const steps = path.split('.');
  const last = steps.pop()!;
  const parent = readAt(result, steps);
  if (!isDocument(parent) || !Object.hasOwn(parent, last)) return result;
  const value = change(parent[last]);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return result;
}

function sliced(array: unknown[], operand: unknown): unknown[] {
  if (Array.isArray(operand)) {
    const [skip, limit] = operand.map((part) => numberOf(part) ?? 0) as [number, number];
    if (!(limit > 0)) throw badValue('$slice limit must be positive');
    const from = skip < 0 ? Math.max(0, array.length + skip) : skip;
    return array.slice(from, from + limit);
  }
  const count = numberOf(operand);
  if (count === undefined) throw badValue('$slice takes a number or an array');
  return count >= 0 ? array.slice(0, count) : array.slice(count);
}
