import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import { DAY } from '../kernel/clock.js';
import { deriveKey } from '../kernel/seal.js';
import type { IdentityContext } from './context.js';
import { readCookie, setOwnCookie } from './cookie.js';

const COOKIE = 'device';
const FORM = /^([\w-]{22})\.([\w-]{43})$/; // 128 random bits, an HMAC-SHA-256
const KEPT_MS = 365 * DAY;

/**
 * Remembers in this browser that its owner has signed in here before, as a name under our own HMAC. It opens nothing: it
 * only keeps the tries of this browser apart from those of strangers, so that no stranger can use them up.
 *
 * Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies
 */
export function rememberDevice(ctx: IdentityContext, response: Response, email: string): void {
  const name = randomBytes(16).toString('base64url');
  const expires = new Date(ctx.clock.now().getTime() + KEPT_MS);
  setOwnCookie(ctx, response, COOKIE, `${name}.${mark(ctx, email, name)}`, expires);
}

/** The name of this browser if `email` has signed in with it before, known or unknown as that address may be. */
export function knownDevice(ctx: IdentityContext, request: Request, email: string): string | undefined {
  const [, name, given] = FORM.exec(readCookie(ctx, request, COOKIE) ?? '') ?? [];
  if (name === undefined || given === undefined) return undefined;
  return timingSafeEqual(Buffer.from(mark(ctx, email, name)), Buffer.from(given)) ? name : undefined;
}

const mark = ({ secrets }: IdentityContext, email: string, name: string): string =>
  createHmac('sha256', deriveKey(secrets.linkKey, 'firebreak known devices'))
    .update(`${name} ${email}`)
    .digest('base64url');
