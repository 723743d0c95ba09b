import { deriveKey, seal, unseal } from '../kernel/seal.js';
import type { Person } from './words.js';

const keyOf = (linkKey: Uint8Array): Uint8Array => deriveKey(linkKey, 'firebreak mail words');
const contextOf = (personId: string): string => `mail word ${personId}`;

export const WORD_MAX = 30; // characters

/**
 * Letters, digits, single spaces: whatever else could make a mail look different from ours, a link or a sentence of its own,
 * is no word.
 */
const WORD = /^[\p{L}\p{M}\p{N}]+(?: [\p{L}\p{M}\p{N}]+){0,3}$/u;
const LEAST = 4; // characters; two Chinese ones say as much as four Latin ones
const isHan = /^\p{Script=Han}{2}/u;

/** The word as it will be shown; undefined when it cannot be one. */
export function readMailWord(given: string): string | undefined {
  const word = given.normalize('NFC').trim();
  const length = [...word].length;
  if (!WORD.test(word) || length > WORD_MAX || (length < LEAST && !isHan.test(word))) return undefined;
  return word;
}

/** Sealed, for whoever reads the store could otherwise write mails in our name. */
export const sealMailWord = (linkKey: Uint8Array, personId: string, word: string): string =>
  seal(keyOf(linkKey), word, contextOf(personId)).toString('base64');

export const mailWordOf = (
  linkKey: Uint8Array,
  { _id, mailWord }: Pick<Person, '_id' | 'mailWord'>,
): string | undefined => mailWord && unseal(keyOf(linkKey), Buffer.from(mailWord.sealed, 'base64'), contextOf(_id));
