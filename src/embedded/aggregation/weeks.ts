const DAY = 86_400_000;

/** All of these read the UTC fields of a date, which may stand for what another zone's clocks show (time-zones.ts). */
export function dayOfYear(date: Date): number {
  const first = new Date(0).setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - first) / DAY) + 1;
}

/** 0 to 53; week 1 begins with the year's first Sunday. */
export function week(date: Date): number {
  return Math.floor((dayOfYear(date) - 1 + 7 - date.getUTCDay()) / 7);
}

/** The year whose ISO week it is: that of the week's Thursday. */
export function isoWeekYear(date: Date): number {
  return thursdayOf(date).getUTCFullYear();
}

export function isoWeek(date: Date): number {
  return Math.floor((dayOfYear(thursdayOf(date)) - 1) / 7) + 1;
}

const thursdayOf = (date: Date) => new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY);

/** When a week of an ISO year begins, in ms; the fourth of January is in the first. */
export function mondayOf(year: number, number: number): number {
  const fourth = new Date(new Date(0).setUTCFullYear(year, 0, 4));
  return fourth.getTime() + (1 - (fourth.getUTCDay() || 7) + (number - 1) * 7) * DAY;
}
