import type { Request, Response } from 'express';
import type { IdentityContext } from './context.js';
import { baseUrlOf } from './context.js';
import { identityProblem } from './problems.js';

const isSecure = (ctx: IdentityContext): boolean => ctx.config.production || baseUrlOf(ctx).startsWith('https:');

/** `__Host-`: only over https, only this host, the whole of it (RFC 6265bis, 4.1.3.2). Plain http has no such name. */
const nameOf = (ctx: IdentityContext, name: string): string => (isSecure(ctx) ? `__Host-${name}` : name);

const attributes = (ctx: IdentityContext) =>
  ({ httpOnly: true, sameSite: 'strict', secure: isSecure(ctx), path: '/' }) as const;

/** Sets a cookie that no script reads and no other site sends. */
export function setOwnCookie(ctx: IdentityContext, response: Response, name: string, value: string, expires: Date) {
  response.cookie(nameOf(ctx, name), value, { ...attributes(ctx), expires });
}

export function clearOwnCookie(ctx: IdentityContext, response: Response, name: string): void {
  response.clearCookie(nameOf(ctx, name), attributes(ctx));
}

export function readCookie(ctx: IdentityContext, request: Request, name: string): string | undefined {
  const prefix = `${nameOf(ctx, name)}=`;
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(prefix))?.slice(prefix.length);
}

const REFRESH = 'refresh';

export const setRefreshCookie = (ctx: IdentityContext, response: Response, token: string, endsAt: Date): void =>
  setOwnCookie(ctx, response, REFRESH, token, endsAt);

export const clearRefreshCookie = (ctx: IdentityContext, response: Response): void =>
  clearOwnCookie(ctx, response, REFRESH);

/**
 * The refresh token of the cookie, if there is one.
 *
 * @throws Problem `origin_refused` when the request that carries it was not made by our own pages
 */
export function refreshCookie(ctx: IdentityContext, request: Request): string | undefined {
  const found = readCookie(ctx, request, REFRESH);
  if (found !== undefined) requireOwnOrigin(ctx, request);
  return found;
}

/**
 * A cookie comes along with whatever makes the request, so its request must say that our own pages made it: by
 * `Sec-Fetch-Site` (Fetch Metadata), or by `Origin` where a browser does not send that. Neither is no browser's request.
 *
 * @throws Problem `origin_refused`
 */
export function requireOwnOrigin(ctx: IdentityContext, request: Request): void {
  const site = request.get('sec-fetch-site');
  const origin = request.get('origin');
  const ours = origin === undefined || isOwn(ctx, request, origin);
  if (!ours || (site === undefined ? origin === undefined : site !== 'same-origin'))
    throw identityProblem('origin_refused');
}

/** The Host header is the browser's own word for where it sent the request. */
function isOwn(ctx: IdentityContext, request: Request, origin: string): boolean {
  const base = new URL(baseUrlOf(ctx));
  return origin === base.origin || (!ctx.config.production && origin === `${base.protocol}//${request.get('host')}`);
}
