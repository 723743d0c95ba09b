import type { Locale } from '../kernel/locale.js';
import type { Say } from './words.js';

/** Where most readers of a language are, for readers whose zone is not known. */
const ZONES: Readonly<Record<Locale, string>> = { 'zh-CN': 'Asia/Shanghai', en: 'UTC' };

/** en-GB writes the day before the month as a word, which no reader takes for another date. */
const FORMATS: Readonly<Record<Locale, string>> = { 'zh-CN': 'zh-CN', en: 'en-GB' };

/** How `locale` says things to a reader in `timeZone` (IANA name). */
export function sayIn(locale: Locale, timeZone: string | undefined): Say {
  const zone = timeZone ?? ZONES[locale];
  return {
    when: (instant) => {
      const at = new Date(instant);
      const time = new Intl.DateTimeFormat(FORMATS[locale], {
        timeZone: zone,
        dateStyle: 'long',
        timeStyle: 'short',
      }).format(at);
      return locale === 'zh-CN'
        ? `${time}（${zoneNames(at, locale, zone).join('，')}）`
        : `${time} (${zoneNames(at, locale, zone).join(', ')})`;
    },
    names: (codes, names) => codes.flatMap((code) => (Object.hasOwn(names, code) ? [names[code] as string] : [])),
  };
}

/** The zone's name and its distance from UTC on that day; UTC itself is said once. */
function zoneNames(at: Date, locale: Locale, timeZone: string): string[] {
  const name = (style: 'long' | 'shortOffset') =>
    new Intl.DateTimeFormat(FORMATS[locale], { timeZone, timeZoneName: style })
      .formatToParts(at)
      .find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
  return timeZone === 'UTC' ? ['UTC'] : [name('long'), name('shortOffset').replace('GMT', 'UTC')];
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
