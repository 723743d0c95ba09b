import { createHash } from 'node:crypto';

/** Keeps a leaf from ever being read as an inner node of the tree (those start with 0x01). */
const LEAF_PREFIX = Uint8Array.of(0x00);

/** SHA-256(0x00 || bytes), 32 bytes. Source: RFC 9162 section 2.1.1. */
export function leafHash(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF_PREFIX).update(bytes).digest();
}
