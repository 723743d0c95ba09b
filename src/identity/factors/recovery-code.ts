import { randomBytes } from 'node:crypto';
import { hashToken } from '../../kernel/ids.js';

/** Crockford's base32: no I, L, O or U to mistake for another. Source: https://www.crockford.com/base32.html */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 24; // 5 bits each: 120, of which NIST SP 800-63B-4 (3.1.2.1) asks 112 for a hash without salt to be enough
const GROUP = 4;

export const RECOVERY_CODES = 10;

/** A code of 120 random bits as people write it down: six groups of four. */
export function newRecoveryCode(): string {
  const letters = Array.from(randomBytes(LENGTH), (byte) => LETTERS[byte % LETTERS.length]);
  return Array.from({ length: LENGTH / GROUP }, (_, n) => letters.slice(n * GROUP, (n + 1) * GROUP).join('')).join('-');
}

/** What is stored of a code, however it was typed: small letters, other gaps, O for 0, I and L for 1. */
export const hashOfRecoveryCode = (typed: string): string =>
  hashToken(typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1'));
