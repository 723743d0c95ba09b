import jwt from 'jsonwebtoken';
import { type Clock, MINUTE } from '../kernel/clock.js';
import { type JwsHeader, verifyJws } from './jws.js';
import type { Keys } from './key-ring.js';
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

const ISSUER = 'firebreak';
const HEADER_MEMBERS = 'alg,kid,typ';
const MOST_VERIFIED = 10_000; // tokens; some 5 MB

interface Verified {
  readonly claims: AccessClaims;
  /** Seconds since the epoch. */
  readonly expires: number;
  readonly kid: string;
}

/**
 * Issues and reads signed tokens: ES256 (RFC 7518, 3.4), `typ` as RFC 8725, 3.11 asks, so that a ticket is never taken for
 * an access token.
 */
export function makeTokens(keys: Keys, clock: Clock, accessTokenMinutes: number): Tokens {
  const access: Use = { typ: 'at+jwt', audience: 'firebreak-api', lifetimeMs: accessTokenMinutes * MINUTE };
  const ticket: Use = { typ: 'ticket+jwt', audience: 'firebreak-second-factor', lifetimeMs: TICKET_MS };

  const issue = (
    use: Use,
    subject: string,
    claims: Record<string, string | number>,
  ): Issued & { readonly kid: string } => {
    const issuedAt = Math.floor(clock.now().getTime() / 1_000);
    const expires = issuedAt + use.lifetimeMs / 1_000;
    const signer = keys.signer();
    const token = jwt.sign({ ...claims, iat: issuedAt, exp: expires }, signer.privateKey, {
      algorithm: 'ES256',
      keyid: signer.kid,
      issuer: ISSUER,
      audience: use.audience,
      subject,
      header: { alg: 'ES256', typ: use.typ },
    });
    return { token, expiresAt: new Date(expires * 1_000), kid: signer.kid };
  };

  const read = (use: Use, token: string): jwt.JwtPayload | undefined => {
    const keyOf = (header: JwsHeader) =>
      isOurs(header, use) && typeof header['kid'] === 'string' ? keys.find(header['kid'])?.publicKey : undefined;
    const payload = verifyJws(token, keyOf, {
      issuer: ISSUER,
      audience: use.audience,
      clockTimestamp: Math.floor(clock.now().getTime() / 1_000),
    });
    return typeof payload === 'object' && payload.exp !== undefined && payload.iat !== undefined ? payload : undefined;
  };

  const verified = new Map<string, Verified>();

  const remember = (token: string, of: Verified): AccessClaims => {
    if (verified.size >= MOST_VERIFIED) verified.delete(verified.keys().next().value as string); // the oldest
    verified.set(token, of);
    return of.claims;
  };

  /** A signature that held holds: within a token's life only its end and its key are looked at again. */
  const readAgain = (token: string): AccessClaims | undefined => {
    const known = verified.get(token);
    if (known && known.expires * 1_000 > clock.now().getTime() && keys.find(known.kid)) return known.claims;
    if (known) verified.delete(token);
    return undefined;
  };

  const readFirst = (token: string): AccessClaims | undefined => {
    const { sub, sid, exp = 0 } = read(access, token) ?? {};
    if (typeof sub !== 'string' || typeof sid !== 'string') return undefined;
    return remember(token, { claims: { personId: sub, sessionId: sid }, expires: exp, kid: kidOf(token) });
  };

  /** What this process signed needs no verifying; what others did is verified once. */
  const issueAccess = (claims: AccessClaims): Issued => {
    const { kid, ...issued } = issue(access, claims.personId, { sid: claims.sessionId });
    const { personId, sessionId } = claims;
    remember(issued.token, { claims: { personId, sessionId }, expires: issued.expiresAt.getTime() / 1_000, kid });
    return issued;
  };

  return {
    issueAccess,
    readAccess: (token) => readAgain(token) ?? readFirst(token),
    issueTicket: ({ personId, securityVersion }) => issue(ticket, personId, { ver: securityVersion }),
    readTicket: (token) => {
      const payload = read(ticket, token);
      const { sub, ver } = payload ?? {};
      return typeof sub === 'string' && typeof ver === 'number' ? { personId: sub, securityVersion: ver } : undefined;
    },
  };
}

/** A header of exactly our three members: none can bring a key of its own, or an extension that nobody here knows. */
const isOurs = (header: JwsHeader, { typ }: Use): boolean =>
  Object.keys(header).sort().join() === HEADER_MEMBERS && header['typ'] === typ;

/** Of a token that was verified. */
const kidOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString('utf8')) as { kid: string }).kid;
