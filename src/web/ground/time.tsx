import { useLanguage } from './language.js';

interface Props {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly style?: 'full' | 'short' | 'date';
}

const STYLES = {
  full: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  short: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  date: { year: 'numeric', month: 'short', day: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A time in the reader's zone, which is always named; UTC when pointed at. */
export function Time({ at, style = 'full' }: Props): React.ReactNode {
  const language = useLanguage();
  return (
    <time dateTime={at} title={at}>
      {formatTime(at, language, style)}
    </time>
  );
}

export const formatTime = (at: string, language: string, style: keyof typeof STYLES = 'full'): string =>
  new Date(at).toLocaleString(language, { ...STYLES[style], timeZoneName: 'short' });

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** How long ago or ahead, in the largest unit that fits. */
export function formatDistance(at: string, language: string, now: number = Date.now()): string {
  const seconds = (Date.parse(at) - now) / 1_000;
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(Math.trunc(seconds), 'second');
}
