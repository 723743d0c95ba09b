import type { RequestHandler } from 'express';
import type { Actor } from '../kernel/actor.js';
import type { MakeLimiter } from '../kernel/limits.js';
import { sourceOf } from '../kernel/source-of.js';

const HOUR_SECONDS = 3_600;

/** How many reports one source, one person and one mailbox may send in an hour. */
export interface ReportLimits {
  /** @throws Problem `too_many_requests` with `Retry-After` */
  takeFrom(actor: Actor, address: string): Promise<void>;
  /** Keeps strangers from having us write to somebody again and again. @throws Problem `too_many_requests` */
  takeFor(contactKeys: readonly string[]): Promise<void>;
}

export function makeReportLimits(
  limiter: MakeLimiter,
  config: { anonymousPerHour: number; personPerHour: number },
): ReportLimits {
  const bySource = limiter('report-source', config.anonymousPerHour, HOUR_SECONDS);
  const byPerson = limiter('report-person', config.personPerHour, HOUR_SECONDS);
  const byContact = limiter('report-contact', config.anonymousPerHour, HOUR_SECONDS);
  return {
    takeFrom: (actor, address) => (actor.kind === 'person' ? byPerson(actor.id) : bySource(sourceOf(address))),
    takeFor: async (contactKeys) => {
      for (const key of contactKeys) await byContact(key);
    },
  };
}

/** Stands before the upload, so that whoever sends too much does not even send it here. */
export const limitReports =
  ({ reportLimits }: { readonly reportLimits: ReportLimits }): RequestHandler =>
  async (request, _response, next) => {
    await reportLimits.takeFrom(request.actor, request.ip ?? 'unknown');
    next();
  };
