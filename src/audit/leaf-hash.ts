import { hashLeaf, hashNode } from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';

/** SHA-256(0x00 || bytes), 32 bytes; the prefix keeps a leaf from being read as an inner node. Source: RFC 9162 section 2.1.1. */
export const leafHash = (bytes: Uint8Array): Buffer => hashLeaf(nodePrimitives, bytes) as Buffer;

/** SHA-256(0x01 || left || right), 32 bytes. Source: RFC 9162 section 2.1.1. */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  hashNode(nodePrimitives, left, right) as Buffer;
