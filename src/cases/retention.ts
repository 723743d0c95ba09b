import { DAY } from '../kernel/clock.js';
import type { Config } from '../kernel/config.js';
import { type CaseDoc, REOPEN_MS } from './words.js';

type Kept = Pick<CaseDoc, 'closedAt' | 'retention'>;

/**
 * Until when the evidence of a case is kept, as far as nothing holds it: so many days from its closing, or until the day that
 * somebody set; but never shorter than it may be opened again.
 *
 * @returns null while the case is open: what is worked on does not expire
 */
export function keptUntil({ closedAt, retention }: Kept, { evidence: { keepDays } }: Pick<Config, 'evidence'>) {
  if (closedAt === undefined) return null;
  const until = retention?.until ?? new Date(closedAt.getTime() + keepDays * DAY);
  return new Date(Math.max(until.getTime(), closedAt.getTime() + REOPEN_MS));
}

/** Legal hold wins over everything. */
export function isExpired(
  doc: Kept & Pick<CaseDoc, 'legalHold'>,
  config: Pick<Config, 'evidence'>,
  now: Date,
): boolean {
  const until = keptUntil(doc, config);
  return doc.legalHold === undefined && until !== null && now >= until;
}
