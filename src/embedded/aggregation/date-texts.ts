import type { Timestamp } from 'bson';
import { CommandError } from '../errors.js';
import { instantOf, localOf, offsetAt } from './time-zones.js';
import { dayOfYear, isoWeek, isoWeekYear, mondayOf, week } from './weeks.js';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const pad = (value: number, width = 2) => String(value).padStart(width, '0');

function offsetText(ms: number): string {
  const minutes = Math.abs(Math.trunc(ms / 60_000));
  return `${ms < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}${pad(minutes % 60)}`;
}

const minutesText = (ms: number) => `${ms < 0 ? '-' : '+'}${Math.abs(Math.trunc(ms / 60_000))}`;

/** What each letter stands for, of what a zone's clocks show, and the zone's offset in ms. Source: manual, "Format Specifiers". */
const WRITTEN: Record<string, (local: Date, offset: number) => string> = {
  d: (local) => pad(local.getUTCDate()),
  G: (local) => pad(isoWeekYear(local), 4),
  H: (local) => pad(local.getUTCHours()),
  j: (local) => pad(dayOfYear(local), 3),
  L: (local) => pad(local.getUTCMilliseconds(), 3),
  m: (local) => pad(local.getUTCMonth() + 1),
  M: (local) => pad(local.getUTCMinutes()),
  S: (local) => pad(local.getUTCSeconds()),
  u: (local) => String(local.getUTCDay() || 7),
  U: (local) => pad(week(local)),
  V: (local) => pad(isoWeek(local)),
  w: (local) => String(local.getUTCDay() + 1),
  Y: (local) => pad(local.getUTCFullYear(), 4),
  b: (local) => MONTHS[local.getUTCMonth()]!.slice(0, 3),
  B: (local) => MONTHS[local.getUTCMonth()]!,
  z: (_local, offset) => offsetText(offset),
  Z: (_local, offset) => minutesText(offset),
  '%': () => '%',
};

const ISO_FORMAT = '%Y-%m-%dT%H:%M:%S.%LZ';

export function writeDate(date: Date, format = ISO_FORMAT, zone = 'UTC'): string {
  const local = localOf(date, zone);
  const year = local.getUTCFullYear();
  if (!(year >= 0 && year <= 9999))
    throw new CommandError(18537, `$dateToString is only defined on year 0-9999, tried to use year ${year}`);
  const offset = offsetAt(zone, date.getTime());
  return format.replace(/%(.?)/g, (_, letter: string) => {
    const write = WRITTEN[letter];
    if (letter === '') throw new CommandError(18535, "Unmatched '%' at end of format string");
    if (!write) throw new CommandError(18536, `Invalid format character '%${letter}' in format string`);
    return write(local, offset);
  });
}

/** As C's ctime has it, without weekday and year: `Jan  1 00:00:05:1`. Source: MongoDB's Timestamp::toStringPretty. */
export function timestampText(value: Timestamp): string {
  const date = new Date(value.getHighBitsUnsigned() * 1000);
  const day = `${MONTHS[date.getUTCMonth()]!.slice(0, 3)} ${String(date.getUTCDate()).padStart(2)}`;
  return `${day} ${date.toISOString().slice(11, 19)}:${value.getLowBitsUnsigned()}`;
}

/** How each letter is read, and what it says. */
const READ: Record<string, readonly [pattern: string, part: string]> = {
  d: ['\\d{1,2}', 'day'],
  G: ['\\d{4}', 'isoYear'],
  H: ['\\d{1,2}', 'hour'],
  j: ['\\d{1,3}', 'dayOfYear'],
  L: ['\\d{1,3}', 'ms'],
  m: ['\\d{1,2}', 'month'],
  M: ['\\d{1,2}', 'minute'],
  S: ['\\d{1,2}', 'second'],
  u: ['[1-7]', 'isoDay'],
  V: ['\\d{1,2}', 'isoWeek'],
  Y: ['\\d{4}', 'year'],
  b: [MONTHS.map((name) => name.slice(0, 3)).join('|'), 'monthName'],
  B: [MONTHS.join('|'), 'monthName'],
  z: ['Z|[+-]\\d{2}:?\\d{2}', 'zone'],
  Z: ['[+-]\\d+', 'minutes'],
};

const ISO =
  /^\s*(?<year>\d{4})-(?<month>\d{1,2})(?:-(?<day>\d{1,2})(?:[T ]+(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?)?)?\s*(?<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?\s*$/i;

function patternOf(format: string): RegExp {
  const pattern = format.replace(/%(.?)|[.*+?^${}()|[\]\\/]/g, (found, letter: string | undefined) => {
    if (letter === undefined) return `\\${found}`;
    if (letter === '%') return '%';
    const read = READ[letter];
    if (!read) throw new CommandError(18536, `Invalid format character '%${letter}' in format string`);
    return `(?<${read[1]}>${read[0]})`;
  });
  return new RegExp(`^${pattern}$`, 'i');
}

const failed = (text: string, why: string) => new CommandError(241, `Error parsing date string '${text}'; ${why}`);

/** @throws CommandError 241 for what is no date, or no day of the calendar */
export function readDate(text: string, format?: string, zone?: string): Date {
  const parts = (format === undefined ? ISO : patternOf(format)).exec(text)?.groups;
  if (!parts) throw failed(text, 'it does not have the expected form');
  const told = parts['zone'] ?? (parts['minutes'] === undefined ? undefined : minutesZone(Number(parts['minutes'])));
  if (told !== undefined && zone !== undefined) throw failed(text, 'it has a time zone of its own, and one is given');
  return instantOf(localIn(text, parts), told === undefined ? (zone ?? 'UTC') : told.toUpperCase());
}

const minutesZone = (minutes: number) => offsetText(minutes * 60_000);

function localIn(text: string, parts: Record<string, string | undefined>): number {
  const number = (name: string, otherwise: number) => (parts[name] === undefined ? otherwise : Number(parts[name]));
  const local = dayIn(text, parts, number);
  const [hour, minute, second] = [number('hour', 0), number('minute', 0), number('second', 0)];
  if (hour > 23 || minute > 59 || second > 59) throw failed(text, 'there is no such time');
  const fraction =
    parts['fraction'] === undefined ? number('ms', 0) : Math.trunc(Number(`0.${parts['fraction']}`) * 1000);
  return local.setUTCHours(hour, minute, second, fraction);
}

function dayIn(
  text: string,
  parts: Record<string, string | undefined>,
  number: (name: string, otherwise: number) => number,
): Date {
  const local = new Date(0);
  if (parts['isoYear'] !== undefined)
    return new Date(mondayOf(number('isoYear', 1), number('isoWeek', 1)) + (number('isoDay', 1) - 1) * 86_400_000);
  if (parts['year'] === undefined) throw failed(text, 'it has no year');
  const year = Number(parts['year']);
  if (parts['dayOfYear'] !== undefined) local.setUTCFullYear(year, 0, Number(parts['dayOfYear']));
  else {
    const month = parts['monthName']
      ? MONTHS.findIndex((name) => name.slice(0, 3).toLowerCase() === parts['monthName']!.slice(0, 3).toLowerCase())
      : number('month', 1) - 1;
    local.setUTCFullYear(year, month, number('day', 1));
    if (local.getUTCMonth() !== month) throw failed(text, 'there is no such day');
  }
  return local;
}
