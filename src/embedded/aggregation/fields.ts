import type { Document } from 'bson';
import { badValue } from '../errors.js';
import { isDocument } from '../numeric.js';

/** `{ a: { b: 1 } }` says the same as `{ 'a.b': 1 }` in $project and $addFields; an operator is not gone into. */
export function flattened(spec: Document): [path: string, operand: unknown][] {
  return Object.entries(spec).flatMap(([name, operand]): [string, unknown][] =>
    isDocument(operand) && Object.keys(operand).length > 0 && Object.keys(operand)[0]![0] !== '$'
      ? flattened(operand).map(([rest, inner]): [string, unknown] => [`${name}.${rest}`, inner])
      : [[name, operand]],
  );
}

/** Changes what lies at a path, in every item of an array on the way; scalars on it give way to documents. Undefined takes away. */
export function setField(value: unknown, steps: readonly string[], to: unknown): unknown {
  const [first, ...rest] = steps;
  if (first === undefined) return to;
  if (first === '__proto__') throw badValue("a path may not contain '__proto__'");
  if (Array.isArray(value)) return value.map((item) => setField(item, steps, to));
  const result: Document = isDocument(value) ? { ...value } : {};
  const inner = setField(Object.hasOwn(result, first) ? result[first] : undefined, rest, to);
  if (inner === undefined) delete result[first];
  else result[first] = inner;
  return result;
}

/** Puts a value at a path of a document; whatever is no document on it gives way to one. */
export function putField(value: unknown, [first, ...rest]: readonly string[], to: unknown): Document {
  if (first === '__proto__') throw badValue("a path may not contain '__proto__'");
  const result: Document = isDocument(value) ? { ...value } : {};
  result[first!] =
    rest.length === 0 ? to : putField(Object.hasOwn(result, first!) ? result[first!] : undefined, rest, to);
  return result;
}

/** The same as `setField`, with a value that is only computed where there is a place for it: an empty array on the way has none. */
export const setComputed = (value: unknown, steps: readonly string[], compute: () => unknown): unknown =>
  reaches(value, steps) ? setField(value, steps, compute()) : value;

function reaches(value: unknown, steps: readonly string[]): boolean {
  const [first, ...rest] = steps;
  if (first === undefined) return true;
  if (Array.isArray(value)) return value.some((item) => reaches(item, steps));
  return reaches(isDocument(value) && Object.hasOwn(value, first) ? value[first] : undefined, rest);
}

export function without(value: unknown, steps: readonly string[]): unknown {
  const [first, ...rest] = steps;
  if (Array.isArray(value)) return value.map((item) => without(item, steps));
  if (!isDocument(value) || first === undefined || !Object.hasOwn(value, first)) return value;
  if (rest.length > 0) return { ...value, [first]: without(value[first], rest) };
  const { [first]: _gone, ...kept } = value;
  return kept;
}

export function valueAt(doc: unknown, path: string): unknown {
  let value = doc;
  for (const step of path.split('.')) value = isDocument(value) ? value[step] : undefined;
  return value;
}
