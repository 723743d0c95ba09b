import type { Document } from 'bson';
import { badValue, CommandError } from './errors.js';
import { isDocument } from './numeric.js';
import { shellText } from './shell-text.js';

/** One step of a path: a field's name, or a position found by `$`. */
export type Step = string | number;
export type Container = Document | unknown[];

/** No client grows an array by writing far behind its end; MongoDB's limit is the same. */
const MAX_PADDING = 1_500_000;

function child(container: unknown, step: Step): unknown {
  if (Array.isArray(container)) return container[Number(step)];
  if (!isDocument(container)) return undefined;
  return Object.hasOwn(container, step) ? container[step] : undefined;
}

export function readAt(doc: Document, steps: readonly Step[]): unknown {
  let value: unknown = doc;
  for (const step of steps) value = child(value, step);
  return value;
}

function parentOf(doc: Document, steps: readonly Step[]): Container | undefined {
  const parent = readAt(doc, steps.slice(0, -1));
  return Array.isArray(parent) || isDocument(parent) ? parent : undefined;
}

/** @throws CommandError PathNotViable when the path could not even be made, because a scalar or array is in the way */
export function checkViable(doc: Document, steps: readonly Step[]): void {
  let value: unknown = doc;
  for (const [i, step] of steps.entries()) {
    const position = /^(0|[1-9]\d*)$/.test(String(step));
    if (!isDocument(value) && !(Array.isArray(value) && position))
      throw new CommandError(28, `Cannot create field '${step}' in element {${steps[i - 1]}: ${shellText(value)}}`);
    value = child(value, step);
    if (value === undefined) return;
  }
}

/** @throws CommandError BadValue when an array lies on a path that $rename takes from or to */
export function refuseArrays(doc: Document, path: string, role: 'source' | 'destination'): void {
  const steps = path.split('.');
  let value: unknown = doc;
  for (const [i, step] of steps.entries()) {
    if (Array.isArray(value))
      throw badValue(
        `The ${role} field cannot be an array element, '${path}' in doc with _id: ${shellText(doc._id)} has an array field called '${steps[i - 1]}'`,
      );
    value = child(value, step);
  }
}

export function removeAt(doc: Document, steps: readonly Step[]): void {
  const parent = parentOf(doc, steps);
  const last = steps.at(-1)!;
  if (Array.isArray(parent)) {
    if (Number(last) < parent.length) parent[Number(last)] = null;
  } else if (parent) delete parent[last];
}

/** @throws CommandError PathNotViable when something other than a document or array is in the way */
export function writeAt(doc: Document, steps: readonly Step[], value: unknown): void {
  let container: Container = doc;
  for (let i = 0; i < steps.length - 1; i++) {
    let next = child(container, steps[i]!);
    if (next === undefined || (next === null && Array.isArray(container) && Number(steps[i]) >= container.length)) {
      next = {};
      put(container, steps[i]!, next);
    }
    if (!Array.isArray(next) && !isDocument(next))
      throw new CommandError(28, `Cannot create field '${steps[i + 1]}' in element {${steps[i]}: ${shellText(next)}}`);
    container = next;
  }
  put(container, steps.at(-1)!, value);
}

function put(container: Container, step: Step, value: unknown): void {
  if (!Array.isArray(container)) {
    container[step] = value;
    return;
  }
  if (!/^(0|[1-9]\d*)$/.test(String(step)))
    throw new CommandError(28, `Cannot create field '${step}' in element {${shellText(container)}}`);
  const at = Number(step);
  if (at - container.length > MAX_PADDING) throw badValue(`can't backfill more than ${MAX_PADDING} elements`);
  while (container.length < at) container.push(null);
  container[at] = value;
}
