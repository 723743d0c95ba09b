import type { RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Actor } from '../kernel/actor.js';
import { tooMany } from '../kernel/http.js';
import { contactKeys } from './likeness.js';
import { sourceOf } from './source-of.js';
import type { Contact } from './words.js';

const HOUR_SECONDS = 3_600;

/** How many reports one source, one person and one mailbox may send in an hour. Each process counts for itself. */
export interface ReportLimits {
  /** @throws Problem `too_many_requests` with `Retry-After` */
  takeFrom(actor: Actor, address: string): Promise<void>;
  /** Keeps strangers from having us write to somebody again and again. @throws Problem `too_many_requests` */
  takeFor(linkKey: Uint8Array, contact: Contact): Promise<void>;
}

export function makeReportLimits(config: { anonymousPerHour: number; personPerHour: number }): ReportLimits {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: HOUR_SECONDS });
  const bySource = limiter(config.anonymousPerHour);
  const byPerson = limiter(config.personPerHour);
  const byContact = limiter(config.anonymousPerHour);
  return {
    takeFrom: (actor, address) =>
      actor.kind === 'person' ? take(byPerson, actor.id) : take(bySource, sourceOf(address)),
    takeFor: async (linkKey, contact) => {
      for (const key of contactKeys(linkKey, contact)) await take(byContact, key);
    },
  };
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refused) {
    if (refused instanceof RateLimiterRes) throw tooMany(refused.msBeforeNext);
    throw refused;
  }
}

/** Stands before the upload, so that whoever sends too much does not even send it here. */
export const limitReports =
  ({ reportLimits }: { readonly reportLimits: ReportLimits }): RequestHandler =>
  async (request, _response, next) => {
    await reportLimits.takeFrom(request.actor, request.ip ?? 'unknown');
    next();
  };
