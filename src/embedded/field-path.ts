import { CommandError } from './errors.js';

/** Of references, which a driver writes into documents. */
const ALLOWED = ['$id', '$ref', '$db'];

/**
 * The steps of a path as stages, projections and sorts name it.
 *
 * @throws CommandError 40352, 40353, 15998 or 16410 for a path with an empty step, or with one that begins with a dollar.
 * Source: MongoDB's src/mongo/db/pipeline/field_path.cpp
 */
export function fieldPath(path: string): string[] {
  if (path === '') throw new CommandError(40352, 'FieldPath cannot be constructed with empty string');
  if (path.endsWith('.')) throw new CommandError(40353, "FieldPath must not end with a '.'.");
  const steps = path.split('.');
  for (const step of steps) {
    if (step === '') throw new CommandError(15998, 'FieldPath field names may not be empty strings.');
    refuseDollar(step);
  }
  return steps;
}

/** @throws CommandError 16410 */
export function refuseDollar(name: string): void {
  if (name[0] === '$' && !ALLOWED.includes(name))
    throw new CommandError(
      16410,
      "FieldPath field names may not start with '$'. Consider using $getField or $setField.",
    );
}
