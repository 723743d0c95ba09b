import { createHash, randomBytes } from 'node:crypto';
import mongoose from 'mongoose';

/** `case_65f…`: a kind, then an ObjectId in hex, so ids of a kind sort by the second they were made. Not a secret. */
export const newId = (kind: string): string => `${kind}_${new mongoose.Types.ObjectId().toHexString()}`;

/** A bearer secret of 256 bits, base64url. Give it away once; store `hashToken` of it. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256, base64url. Enough for random tokens; never for passwords. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');
