import { Fault } from './fault.js';
import { formatKey, parseKey, parseNote, type VerifierKey, verifyNote } from './note.js';
import type { Primitives } from './primitives.js';

const HEADER = 'firebreak/next-key/v1';

/** What a key signs about the one that follows it. */
export const successionText = (origin: string, next: string): string => `${HEADER}\n${origin}\n${next}\n`;

/**
 * The keys of a log that follow from those that are trusted: each was named by one before it.
 *
 * @param successions  signed notes, oldest first
 * @throws Fault `unreadable` · `signature`
 */
export async function followKeys(
  primitives: Primitives,
  trusted: readonly VerifierKey[],
  successions: readonly string[],
): Promise<readonly VerifierKey[]> {
  const keys = [...trusted];
  for (const succession of successions) {
    const note = parseNote(succession);
    const [, origin = '', next = ''] = /^firebreak\/next-key\/v1\n([^\n]+)\n([^\n]+)\n$/.exec(note.text) ?? [];
    if (!origin) throw new Fault('unreadable', 'not the naming of a key');
    const key = await parseKey(primitives, next);
    const known = keys.filter(({ name }) => name === origin);
    try {
      await verifyNote(primitives, note, known);
    } catch (error) {
      if (error instanceof Fault && error.code === 'unknown_key') continue; // names the successor of a key before ours
      throw error;
    }
    if (key.name === origin && !keys.some((one) => formatKey(one) === next)) keys.push(key);
  }
  return keys;
}

/**
 * The keys by which something is checked that carries keys with it: those that follow from the trusted ones; without any its
 * own, each of which one before it must have named.
 *
 * @throws Fault `unreadable` · `signature` · `unknown_key`
 */
export async function bundledKeys(
  primitives: Primitives,
  bundled: { readonly keys: readonly string[]; readonly successions: readonly string[] },
  trusted: readonly VerifierKey[] | undefined,
): Promise<readonly VerifierKey[]> {
  const own = await Promise.all(bundled.keys.map((key) => parseKey(primitives, key)));
  if (trusted) return followKeys(primitives, trusted, bundled.successions);
  const followed = new Set((await followKeys(primitives, own.slice(0, 1), bundled.successions)).map(formatKey));
  const stray = own.find((key) => !followed.has(formatKey(key)));
  if (stray) throw new Fault('unknown_key', 'a key that no key before it names');
  return own;
}
