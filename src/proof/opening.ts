import type { EventContent, OpeningLine } from './bundle-lines.js';
import { concat, fromBase64, toBase64, utf8 } from './bytes.js';
import { Fault } from './fault.js';
import type { Primitives } from './primitives.js';

/** Holds personal data to the commitment in the event: base64 of SHA-256(salt || UTF-8 value). @throws Fault `opening` */
export async function verifyOpening(
  { sha256 }: Pick<Primitives, 'sha256'>,
  { commitments }: Pick<EventContent, 'commitments'>,
  { field, salt, value }: OpeningLine,
): Promise<void> {
  const hash = await sha256(concat(fromBase64(salt), utf8(value)));
  if (!Object.hasOwn(commitments, field) || commitments[field] !== toBase64(hash))
    throw new Fault('opening', `${field} is not what was committed to`);
}
