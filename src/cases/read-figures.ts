import { DAY, HOUR } from '../kernel/clock.js';
import type { Text } from '../kernel/locale.js';
import type { StateName } from '../workflow/index.js';
import type { CaseContext } from './context.js';
import { countOpened, type Reported, reportedSince } from './figure-store.js';
import { AGE_NAMES, AGES, type Age, type FigureDays, type Spread, spreadOf } from './figure-words.js';
import { caseProblem } from './problems.js';
import { type Step, stepOf } from './words.js';

/** Cases that the times are taken from, at most: the newest. What the figures cost is bounded, however long the period. */
const LOOKED_AT = 10_000;
/** More in one cell than this is said to be this many. */
const COUNTED = 10_000;

const SECOND = 1_000;

interface DayFigures extends Spread {
  /** `2026-11-28`, in the zone asked for. */
  day: string;
  reported: number;
  frozen: number;
}

export interface FiguresView {
  days: FigureDays;
  /** RFC 3339, UTC: the first instant looked at. */
  since: string;
  reported: number;
  frozen: number;
  /** Whether there were more cases than were looked at, so that the oldest days lack some. */
  partial: boolean;
  spread: Spread;
  perDay: DayFigures[];
  open: { state: StateName; step: Step; title: Text; ages: Record<Age, number>; total: number }[];
}

/**
 * How long reports took to be frozen, day by day, and how many cases are open, by state and age.
 *
 * @param timeZone  whose days they are
 * @throws Problem `figures_zone_not_valid`
 */
export async function readFigures(
  ctx: CaseContext,
  { days, timeZone }: { days: FigureDays; timeZone: string },
): Promise<FiguresView> {
  const now = ctx.clock.now();
  const dayOf = dayIn(timeZone);
  const since = new Date(now.getTime() - days * DAY);
  const found = await reportedSince(ctx.db, since, LOOKED_AT + 1);
  const looked = found.slice(0, LOOKED_AT);
  const perDay = new Map<string, Reported[]>(daysUpTo(now, days, dayOf).map((day) => [day, []]));
  for (const one of looked) perDay.get(dayOf(one.openedAt))?.push(one);
  return {
    days,
    since: since.toISOString(),
    reported: looked.length,
    frozen: secondsOf(looked).length,
    partial: found.length > LOOKED_AT,
    spread: spreadOf(secondsOf(looked)),
    perDay: [...perDay].map(([day, cases]) => {
      const seconds = secondsOf(cases);
      return { day, reported: cases.length, frozen: seconds.length, ...spreadOf(seconds) };
    }),
    open: await openNow(ctx, now),
  };
}

const secondsOf = (cases: readonly Reported[]): number[] =>
  cases.flatMap(({ openedAt, frozenAt }) =>
    frozenAt ? [Math.round((frozenAt.getTime() - openedAt.getTime()) / SECOND)] : [],
  );

/** Every state of a current workflow once, in its order; a count in the index for each age. */
async function openNow({ db, workflows }: CaseContext, now: Date): Promise<FiguresView['open']> {
  const titles = new Map<StateName, Text>();
  for (const { states } of workflows.all)
    for (const [name, { title }] of Object.entries(states)) if (!titles.has(name)) titles.set(name, title);
  const ago = (hours: number) => new Date(Number.isFinite(hours) ? now.getTime() - hours * HOUR : 0);
  const rows = [...titles].filter(([state]) => stepOf(state) !== 'closed');
  return Promise.all(
    rows.map(async ([state, title]) => {
      const counts = await Promise.all(
        AGE_NAMES.map(async (age): Promise<[Age, number]> => {
          const [from, to] = AGES[age];
          return [age, await countOpened(db, state, { after: ago(to), until: ago(from) }, COUNTED)];
        }),
      );
      const ages = Object.fromEntries(counts) as Record<Age, number>;
      return { state, step: stepOf(state), title, ages, total: counts.reduce((sum, [, count]) => sum + count, 0) };
    }),
  );
}

/** Each day of the period once, oldest first; half days apart, so that none is lost when clocks are changed. */
function daysUpTo(now: Date, days: number, dayOf: (at: Date) => string): string[] {
  const half = DAY / 2;
  const instants = Array.from(
    { length: days * 2 + 1 },
    (_, index) => new Date(now.getTime() - (days * 2 - index) * half),
  );
  return [...new Set(instants.map(dayOf))];
}

function dayIn(timeZone: string): (at: Date) => string {
  try {
    const format = new Intl.DateTimeFormat('sv-SE', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone });
    return (at) => format.format(at);
  } catch (cause) {
    throw caseProblem('figures_zone_not_valid', { cause });
  }
}
