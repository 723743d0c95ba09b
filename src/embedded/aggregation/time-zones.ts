import { CommandError } from '../errors.js';

const FIXED = /^([+-])(\d{2})(?::?(\d{2}))?$/;
const formats = new Map<string, Intl.DateTimeFormat>();

/** How far a zone's clocks are ahead of UTC at an instant, in ms. @throws CommandError for a zone nobody knows */
export function offsetAt(zone: string, instant: number): number {
  if (zone === 'UTC' || zone === 'GMT' || zone === 'Z') return 0;
  const fixed = FIXED.exec(zone);
  if (fixed) return signed(fixed[1], fixed[2], fixed[3]);
  const name =
    formatOf(zone)
      .formatToParts(instant)
      .find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const told = /GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(name);
  return told ? signed(told[1], told[2], told[3], told[4]) : 0;
}

function signed(sign: string | undefined, hours = '0', minutes = '0', seconds = '0'): number {
  const size = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000;
  return sign === '-' ? -size : size;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
    return format;
  } catch {
    throw new CommandError(40485, `unrecognized time zone identifier: "${timeZone}"`);
  }
}

/** What the clocks of a zone show, as the UTC fields of a date. */
export function localOf(date: Date, zone: string): Date {
  return new Date(date.getTime() + offsetAt(zone, date.getTime()));
}

const DAY = 86_400_000;

/** The instant at which a zone's clocks show this: the first, when they show it twice; when never, as if they had not been put on. */
export function instantOf(local: number, zone: string): Date {
  const [before, after] = [offsetAt(zone, local - DAY), offsetAt(zone, local + DAY)];
  const fits = (offset: number) => offsetAt(zone, local - offset) === offset;
  return new Date(local - (fits(before) || !fits(after) ? before : after));
}
