/** Periods that figures are given for, in days. */
export const FIGURE_DAYS = [7, 30, 90] as const;
export type FigureDays = (typeof FIGURE_DAYS)[number];

/** How old an open case is, in hours since it was opened: at least the first, less than the second. */
export const AGES = {
  'under-1h': [0, 1],
  'under-1d': [1, 24],
  'under-3d': [24, 72],
  'under-7d': [72, 168],
  'over-7d': [168, Number.POSITIVE_INFINITY],
} as const;
export type Age = keyof typeof AGES;
export const AGE_NAMES = Object.keys(AGES) as Age[];

/** Seconds from the report to the exchange's confirmation, as nearest ranks; null where nothing was frozen. */
export interface Spread {
  p50: number | null;
  p90: number | null;
  p99: number | null;
}

const PERCENT = 100;

/** @param seconds  in any order */
export function spreadOf(seconds: readonly number[]): Spread {
  const sorted = seconds.toSorted((a, b) => a - b);
  const rank = (percent: number): number | null => sorted[Math.ceil((percent / PERCENT) * sorted.length) - 1] ?? null;
  return { p50: rank(50), p90: rank(90), p99: rank(99) };
}
