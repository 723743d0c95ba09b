import type { KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';

/** What a token says of itself before anybody has checked it. */
export type JwsHeader = Readonly<Record<string, unknown>>;

const LONGEST = 2_048; // characters; ours have some 400
const SEGMENT = /^[A-Za-z0-9_-]+$/;

/**
 * Verifies an ES256 token (RFC 7515, compact form; RFC 7518, 3.4) in its one canonical spelling, which the library does not
 * insist on: a second spelling of the same bytes would pass block lists (RFC 4648, 3.5).
 *
 * @param keyOf  the key for a header, or undefined to refuse it; called before the signature is looked at
 * @param claims what the library has to hold the payload to
 * @returns the payload, a text when it is no JSON; undefined for whatever does not hold, and why is nobody's business
 */
export function verifyJws(
  token: string,
  keyOf: (header: JwsHeader) => KeyObject | undefined,
  claims: Omit<jwt.VerifyOptions, 'algorithms' | 'complete'>,
): jwt.JwtPayload | string | undefined {
  const header = headerOf(token);
  const key = header?.['alg'] === 'ES256' ? keyOf(header) : undefined;
  if (!key) return undefined;
  try {
    return jwt.verify(token, key, { ...claims, algorithms: ['ES256'], complete: false }) as jwt.JwtPayload | string;
  } catch {
    return undefined;
  }
}

/** Of three canonical segments the first, when it is a JSON object. */
function headerOf(token: string): JwsHeader | undefined {
  if (token.length > LONGEST) return undefined;
  const segments = token.split('.');
  if (segments.length !== 3 || !segments.every(isCanonical)) return undefined;
  try {
    const header: unknown = JSON.parse(Buffer.from(segments[0] as string, 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null ? (header as JwsHeader) : undefined;
  } catch {
    return undefined;
  }
}

const isCanonical = (segment: string): boolean =>
  SEGMENT.test(segment) && Buffer.from(segment, 'base64url').toString('base64url') === segment;
