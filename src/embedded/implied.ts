import type { Document } from 'bson';
import type { Index } from './catalogue.js';
import type { Fact } from './facts.js';

/** Whether every document that meets the facts of a filter also meets a partial index's condition; false when unsure. */
export function implied({ filter: wanted, spec }: NonNullable<Index['partial']>, facts: readonly Fact[]): boolean {
  if (wanted.ors.length > 0) return false;
  const asked = countConditions(spec);
  return asked === wanted.facts.length && wanted.facts.every((fact) => facts.some((known) => covers(known, fact)));
}

function countConditions(condition: Document): number {
  let count = 0;
  for (const [name, operand] of Object.entries(condition)) {
    if (name === '$and') for (const part of operand) count += countConditions(part);
    else {
      const operators = Object.keys(operand ?? {}).filter((key) => key[0] === '$');
      count += typeof operand === 'object' && operators.length > 0 ? operators.length : 1;
    }
  }
  return count;
}

function covers(known: Fact, wanted: Fact): boolean {
  if (known.path !== wanted.path) return false;
  switch (wanted.kind) {
    case 'exists':
      return known.kind === 'exists' || known.kind === 'range' || !known.nullable;
    case 'eq':
    case 'in':
      return (
        (known.kind === 'eq' || known.kind === 'in') &&
        known.keys.every((key) => wanted.keys.some((one) => one.equals(key)))
      );
    case 'range':
      if (known.kind === 'range') return rangeCovers(known, wanted);
      return known.kind !== 'exists' && known.keys.every((key) => keyWithin(key, wanted));
  }
}

function keyWithin(key: Buffer, { low, high }: Fact): boolean {
  const bound = low ?? high;
  if (!bound || key[0] !== bound.key[0]) return false;
  if (low && (Buffer.compare(key, low.key) < 0 || (!low.inclusive && key.equals(low.key)))) return false;
  return !(high && (Buffer.compare(key, high.key) > 0 || (!high.inclusive && key.equals(high.key))));
}

function rangeCovers(known: Fact, wanted: Fact): boolean {
  if (wanted.low) {
    if (!known.low || known.low.key[0] !== wanted.low.key[0]) return false;
    const order = Buffer.compare(known.low.key, wanted.low.key);
    if (order < 0 || (order === 0 && known.low.inclusive && !wanted.low.inclusive)) return false;
  }
  if (wanted.high) {
    if (!known.high || known.high.key[0] !== wanted.high.key[0]) return false;
    const order = Buffer.compare(known.high.key, wanted.high.key);
    if (order > 0 || (order === 0 && known.high.inclusive && !wanted.high.inclusive)) return false;
  }
  return true;
}
