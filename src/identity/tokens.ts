import jwt from 'jsonwebtoken';
import type { Clock } from '../kernel/clock.js';
import { MINUTE } from '../kernel/clock.js';
import type { SigningKey } from '../kernel/secrets.js';
import { TICKET_MS } from './words.js';

/** What an access token says: who, in which session. What they may is read from the session at each request. */
export interface AccessClaims {
  readonly personId: string;
  readonly sessionId: string;
}

/** What a ticket says: this person has shown the password, while `securityVersion` was this. */
export interface TicketClaims {
  readonly personId: string;
  readonly securityVersion: number;
}

export interface Issued {
  readonly token: string;
  readonly expiresAt: Date;
}

export interface Tokens {
  issueAccess(claims: AccessClaims): Issued;
  /** Undefined: not a token of ours for this use, or no longer valid. Why is nobody's business. */
  readAccess(token: string): AccessClaims | undefined;
  issueTicket(claims: TicketClaims): Issued;
  readTicket(token: string): TicketClaims | undefined;
}

interface Use {
  readonly typ: string;
  readonly audience: string;
  readonly lifetimeMs: number;
}

interface Header {
  readonly alg?: unknown;
  readonly kid?: unknown;
  readonly typ?: unknown;
}

const ISSUER = 'firebreak';
const LONGEST = 2_048; // characters; ours have some 400
const SEGMENT = /^[A-Za-z0-9_-]+$/;
const HEADER_MEMBERS = 'alg,kid,typ';

/**
 * Issues and reads signed tokens: ES256 (RFC 7518, 3.4), `typ` as RFC 8725, 3.11 asks, so that a ticket is never taken for
 * an access token. The first key signs, all verify.
 */
export function makeTokens(keys: readonly SigningKey[], clock: Clock, accessTokenMinutes: number): Tokens {
  const signer = keys[0];
  if (!signer) throw new Error('no signing key');
  const access: Use = { typ: 'at+jwt', audience: 'firebreak-api', lifetimeMs: accessTokenMinutes * MINUTE };
  const ticket: Use = { typ: 'ticket+jwt', audience: 'firebreak-second-factor', lifetimeMs: TICKET_MS };

  const issue = (use: Use, subject: string, claims: Record<string, string | number>): Issued => {
    const issuedAt = Math.floor(clock.now().getTime() / 1_000);
    const expires = issuedAt + use.lifetimeMs / 1_000;
    const token = jwt.sign({ ...claims, iat: issuedAt, exp: expires }, signer.privateKey, {
      algorithm: 'ES256',
      keyid: signer.kid,
      issuer: ISSUER,
      audience: use.audience,
      subject,
      header: { alg: 'ES256', typ: use.typ },
    });
    return { token, expiresAt: new Date(expires * 1_000) };
  };

  const read = (use: Use, token: string): jwt.JwtPayload | undefined => {
    const kid = kidOf(token, use);
    const key = keys.find((candidate) => candidate.kid === kid);
    if (!key) return undefined;
    try {
      const payload = jwt.verify(token, key.publicKey, {
        algorithms: ['ES256'],
        issuer: ISSUER,
        audience: use.audience,
        clockTimestamp: Math.floor(clock.now().getTime() / 1_000),
      });
      return typeof payload === 'object' && payload.exp !== undefined && payload.iat !== undefined
        ? payload
        : undefined;
    } catch {
      return undefined;
    }
  };

  return {
    issueAccess: ({ personId, sessionId }) => issue(access, personId, { sid: sessionId }),
    readAccess: (token) => {
      const payload = read(access, token);
      const { sub, sid } = payload ?? {};
      return typeof sub === 'string' && typeof sid === 'string' ? { personId: sub, sessionId: sid } : undefined;
    },
    issueTicket: ({ personId, securityVersion }) => issue(ticket, personId, { ver: securityVersion }),
    readTicket: (token) => {
      const payload = read(ticket, token);
      const { sub, ver } = payload ?? {};
      return typeof sub === 'string' && typeof ver === 'number' ? { personId: sub, securityVersion: ver } : undefined;
    },
  };
}

/**
 * The `kid` of a token that has the one form we issue, before any library looks at it: three canonical base64url segments
 * (RFC 4648, 3.5: a second spelling of the same bytes would pass block lists), and a header of exactly our three members.
 */
function kidOf(token: string, use: Use): string | undefined {
  if (token.length > LONGEST) return undefined;
  const segments = token.split('.');
  if (segments.length !== 3 || !segments.every(isCanonical)) return undefined;
  try {
    const header = JSON.parse(Buffer.from(segments[0] as string, 'base64url').toString('utf8')) as Header;
    if (typeof header !== 'object' || header === null) return undefined;
    if (Object.keys(header).sort().join() !== HEADER_MEMBERS) return undefined;
    if (header.alg !== 'ES256' || header.typ !== use.typ) return undefined;
    return typeof header.kid === 'string' ? header.kid : undefined;
  } catch {
    return undefined;
  }
}

const isCanonical = (segment: string): boolean =>
  SEGMENT.test(segment) && Buffer.from(segment, 'base64url').toString('base64url') === segment;
