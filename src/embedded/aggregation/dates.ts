import { type Document, Long, ObjectId, Timestamp } from 'bson';
import { CommandError } from '../errors.js';
import { numberOf } from '../numeric.js';
import { nameOfType } from './arithmetic.js';
import { readDate, writeDate } from './date-texts.js';
import { instantOf, localOf, offsetAt } from './time-zones.js';
import { isNullish } from './values.js';
import { dayOfYear, isoWeek, isoWeekYear, mondayOf, week } from './weeks.js';

/**
 * Date expressions, of evaluated fields. mingo's count periods where MongoDB counts boundaries, overflow where it stays in the
 * month, and know no missing dates. Error codes are those of MongoDB's expression.cpp.
 */
export type OfFields = (fields: Document) => unknown;

/** Whatever names a moment; undefined for null and missing. */
function moment(value: unknown, code = 16006): Date | undefined {
  if (isNullish(value)) return undefined;
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (value instanceof Timestamp) return new Date(value.getHighBitsUnsigned() * 1000);
  throw new CommandError(code, `can't convert from BSON type ${nameOfType(value)} to Date`);
}

function known(name: string, fields: Document, names: string): void {
  const odd = Object.keys(fields).find((field) => !names.split(' ').includes(field));
  if (odd !== undefined) throw new CommandError(40535, `unrecognized option to ${name}: "${odd}"`);
}

/** UTC where none is asked for; undefined where the one that is asked for is null. */
function zoneOf(fields: Document): string | undefined {
  if (!Object.hasOwn(fields, 'timezone')) return 'UTC';
  const { timezone } = fields;
  if (isNullish(timezone)) return undefined;
  if (typeof timezone !== 'string')
    throw new CommandError(40517, `timezone must evaluate to a string, found ${nameOfType(timezone)}`);
  offsetAt(timezone, 0);
  return timezone;
}

function integer(value: unknown, name: string, code: number): number {
  const number = numberOf(value);
  if (number === undefined || !Number.isInteger(number))
    throw new CommandError(code, `'${name}' must evaluate to an integer, found ${nameOfType(value)}`);
  return number;
}

const part =
  (name: string, of: (local: Date) => unknown): OfFields =>
  (fields) => {
    known(name, fields, 'date timezone');
    const date = moment(fields['date']);
    const zone = zoneOf(fields);
    return date === undefined || zone === undefined ? null : of(localOf(date, zone));
  };

function toParts(fields: Document): unknown {
  const date = moment(fields['date']);
  const zone = zoneOf(fields);
  if (date === undefined || zone === undefined) return null;
  const local = localOf(date, zone);
  const time = {
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  };
  return fields['iso8601'] === true
    ? { isoWeekYear: isoWeekYear(local), isoWeek: isoWeek(local), isoDayOfWeek: local.getUTCDay() || 7, ...time }
    : { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate(), ...time };
}

/** Parts beyond their range carry over: month 14 is February of the next year. */
function fromParts(fields: Document): unknown {
  const iso = Object.hasOwn(fields, 'isoWeekYear');
  const natural = Object.hasOwn(fields, 'year');
  const given = (names: string) => names.split(' ').some((name) => Object.hasOwn(fields, name));
  if (!iso && !natural)
    throw new CommandError(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  if (natural && given('isoWeekYear isoWeek isoDayOfWeek'))
    throw new CommandError(40489, '$dateFromParts does not allow mixing natural dates with ISO dates');
  if (iso && given('month day'))
    throw new CommandError(40525, '$dateFromParts does not allow mixing ISO dates with natural dates');
  const names = iso ? 'isoWeekYear isoWeek isoDayOfWeek' : 'year month day';
  known('$dateFromParts', fields, `${names} hour minute second millisecond timezone`);
  const zone = zoneOf(fields);
  if (zone === undefined || Object.values(fields).some(isNullish)) return null;
  const value = (name: string, otherwise: number) => {
    if (!Object.hasOwn(fields, name)) return otherwise;
    const number = integer(fields[name], name, 40515);
    const year = name === 'year' || name === 'isoWeekYear';
    if (year ? number < 1 || number > 9999 : Math.abs(number) > 32767)
      throw new CommandError(year ? (iso ? 31095 : 40523) : 31034, `'${name}' is out of range: ${number}`);
    return number;
  };
  const day = iso
    ? mondayOf(value('isoWeekYear', 1), value('isoWeek', 1)) + (value('isoDayOfWeek', 1) - 1) * LENGTHS['day']!
    : new Date(0).setUTCFullYear(value('year', 1), value('month', 1) - 1, value('day', 1));
  const time = (['hour', 'minute', 'second', 'millisecond'] as const).reduce(
    (sum, unit) => sum + value(unit, 0) * LENGTHS[unit]!,
    0,
  );
  return instantOf(day + time, zone);
}

function toText(fields: Document): unknown {
  const { format, onNull = null } = fields;
  const zone = zoneOf(fields);
  const date = moment(fields['date']);
  if (date === undefined) return onNull;
  if (zone === undefined || (Object.hasOwn(fields, 'format') && isNullish(format))) return null;
  if (format !== undefined && typeof format !== 'string')
    throw new CommandError(18533, `$dateToString requires that 'format' be a string, found: ${nameOfType(format)}`);
  return writeDate(date, format, zone);
}

function fromText(fields: Document): unknown {
  const { dateString, format, onNull = null } = fields;
  if (isNullish(dateString)) return onNull;
  const zone = zoneOf(fields);
  if (zone === undefined || (Object.hasOwn(fields, 'format') && isNullish(format))) return null;
  try {
    if (typeof dateString !== 'string')
      throw new CommandError(
        241,
        `$dateFromString requires that 'dateString' be a string, found: ${nameOfType(dateString)}`,
      );
    return readDate(dateString, format as string | undefined, Object.hasOwn(fields, 'timezone') ? zone : undefined);
  } catch (error) {
    if (Object.hasOwn(fields, 'onError') && error instanceof CommandError && error.code === 241)
      return fields['onError'];
    throw error;
  }
}

/** In ms; of those whose length the calendar does not change. */
const LENGTHS: Record<string, number> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};
const IN_MONTHS: Record<string, number> = { month: 1, quarter: 3, year: 12 };

export function unitOf(value: unknown): string {
  if (typeof value !== 'string')
    throw new CommandError(5439013, `unit must evaluate to a string, found ${nameOfType(value)}`);
  if (!Object.hasOwn(LENGTHS, value) && !Object.hasOwn(IN_MONTHS, value))
    throw new CommandError(9, `unknown time unit value: ${value}`);
  return value;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function firstDay({ startOfWeek = 'sunday' }: Document): number {
  if (typeof startOfWeek !== 'string')
    throw new CommandError(5439015, `startOfWeek must be a string, found ${nameOfType(startOfWeek)}`);
  const day = DAYS.indexOf(startOfWeek.toLowerCase().slice(0, 3));
  if (day < 0) throw new CommandError(5439016, `unknown day of week value: ${startOfWeek}`);
  return day;
}

/** A day, and what is longer, is added to what the zone's clocks show; in a shorter month the last day stands for later ones. */
const shift =
  (sign: 1 | -1): OfFields =>
  (fields) => {
    const zone = zoneOf(fields);
    if (zone === undefined || ['startDate', 'unit', 'amount'].some((field) => isNullish(fields[field]))) return null;
    const date = moment(fields['startDate'], 5166403)!;
    return later(date, unitOf(fields['unit']), sign * integer(fields['amount'], 'amount', 5166405), zone);
  };

export function later(date: Date, unit: string, amount: number, zone = 'UTC'): Date {
  const length = LENGTHS[unit];
  if (length !== undefined && length <= LENGTHS['hour']!) return new Date(date.getTime() + amount * length);
  const local = localOf(date, zone);
  if (length !== undefined) return instantOf(local.getTime() + amount * length, zone);
  const months = local.getUTCMonth() + amount * IN_MONTHS[unit]!;
  const lastDay = new Date(Date.UTC(local.getUTCFullYear(), months + 1, 0)).getUTCDate();
  return instantOf(local.setUTCFullYear(local.getUTCFullYear(), months, Math.min(local.getUTCDate(), lastDay)), zone);
}

const monthsOf = (local: Date) => local.getUTCFullYear() * 12 + local.getUTCMonth();

/** How many boundaries of the unit lie between, not how many whole units. Operands are judged in MongoDB's order. */
function differenceOf(fields: Document): unknown {
  if (['startDate', 'endDate', 'unit'].some((name) => isNullish(fields[name]))) return null;
  const unit = unitOf(fields['unit']);
  if (unit === 'week' && 'startOfWeek' in fields && isNullish(fields['startOfWeek'])) return null;
  // The epoch was a Thursday.
  const begin = unit === 'week' ? ((firstDay(fields) + 3) % 7) * LENGTHS['day']! : 0;
  const zone = zoneOf(fields);
  if (zone === undefined) return null;
  const [start, end] = [moment(fields['startDate'], 5166307)!, moment(fields['endDate'], 5166307)!];
  const [from, to] = [localOf(start, zone), localOf(end, zone)];
  const months = IN_MONTHS[unit];
  if (months) return Long.fromNumber(Math.floor(monthsOf(to) / months) - Math.floor(monthsOf(from) / months));
  const length = LENGTHS[unit]!;
  const passed = Math.floor((to.getTime() - begin) / length) - Math.floor((from.getTime() - begin) / length);
  const moved = to.getTime() - end.getTime() - (from.getTime() - start.getTime());
  return Long.fromNumber(length <= LENGTHS['hour']! ? passed - Math.round(moved / length) : passed);
}

/** Bins are counted from the beginning of 2000. */
function truncated(fields: Document): unknown {
  const zone = zoneOf(fields);
  const date = moment(fields['date'], 5439012);
  const { binSize = 1 } = fields;
  if (!date || zone === undefined || isNullish(fields['unit']) || isNullish(binSize)) return null;
  const unit = unitOf(fields['unit']);
  const size = integer(binSize, 'binSize', 5439017);
  if (size < 1) throw new CommandError(5439018, `binSize must be greater than 0, found ${size}`);
  const local = localOf(date, zone);
  const months = IN_MONTHS[unit];
  if (months) {
    const bin = months * size;
    const since = Math.floor((monthsOf(local) - 24_000) / bin) * bin;
    return instantOf(Date.UTC(2000, since, 1), zone);
  }
  const bin = LENGTHS[unit]! * size;
  // The first of January 2000 was a Saturday.
  const first = Date.UTC(2000, 0, 1) + (unit === 'week' ? ((firstDay(fields) + 1) % 7) * LENGTHS['day']! : 0);
  const binOf = (time: number, since: number) => since + Math.floor((time - since) / bin) * bin;
  return LENGTHS[unit]! <= LENGTHS['hour']!
    ? new Date(binOf(date.getTime(), instantOf(first, zone).getTime())) // time that passes, whatever the clocks show
    : instantOf(binOf(local.getTime(), first), zone);
}

export const DATES: Record<string, OfFields> = {
  $year: part('$year', (local) => local.getUTCFullYear()),
  $month: part('$month', (local) => local.getUTCMonth() + 1),
  $dayOfMonth: part('$dayOfMonth', (local) => local.getUTCDate()),
  $dayOfWeek: part('$dayOfWeek', (local) => local.getUTCDay() + 1),
  $dayOfYear: part('$dayOfYear', dayOfYear),
  $hour: part('$hour', (local) => local.getUTCHours()),
  $minute: part('$minute', (local) => local.getUTCMinutes()),
  $second: part('$second', (local) => local.getUTCSeconds()),
  $millisecond: part('$millisecond', (local) => local.getUTCMilliseconds()),
  $week: part('$week', week),
  $isoWeek: part('$isoWeek', isoWeek),
  $isoWeekYear: part('$isoWeekYear', (local) => Long.fromNumber(isoWeekYear(local))),
  $isoDayOfWeek: part('$isoDayOfWeek', (local) => local.getUTCDay() || 7),
  $dateToParts: toParts,
  $dateFromParts: fromParts,
  $dateToString: toText,
  $dateFromString: fromText,
  $dateAdd: shift(1),
  $dateSubtract: shift(-1),
  $dateDiff: differenceOf,
  $dateTrunc: truncated,
};
