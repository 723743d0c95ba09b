import { createRequire } from 'node:module';
import type ExifReaderType from 'exifreader';
import type { FileFacts } from './words.js';

/** As CommonJS: as a module its one large file would be searched for the names it exports, which takes longer than running it. */
const ExifReader = createRequire(import.meta.url)('exifreader') as typeof ExifReaderType;

const MAX_CHARACTERS = 200;
const EXIF_TIME = /^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)/;
const OFFSET = /^[+-]\d\d:\d\d$/;

/** Time, place and device as EXIF has them. No facts is the answer to whatever cannot be read. */
export function readFacts(file: Buffer): FileFacts {
  try {
    const { exif = {}, gps } = ExifReader.load(file, { expanded: true, includeTags: { exif: true, gps: true } });
    const text = (name: string) => textOf((exif as Readonly<Record<string, unknown>>)[name]);
    const takenAt = instant(text('DateTimeOriginal') ?? text('DateTime'), text('OffsetTimeOriginal'));
    const device = [text('Make'), text('Model')].filter(Boolean).join(' ');
    const software = text('Software');
    return {
      ...(takenAt === undefined ? {} : { takenAt }),
      ...(device === '' ? {} : { device }),
      ...(software === undefined ? {} : { software }),
      ...place(gps?.Latitude, gps?.Longitude),
    };
  } catch {
    return {};
  }
}

function place(latitude: unknown, longitude: unknown): Pick<FileFacts, 'place'> {
  if (!isDegree(latitude, 90) || !isDegree(longitude, 180)) return {};
  return { place: { latitude: rounded(latitude), longitude: rounded(longitude) } };
}

const isDegree = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most;

/** Six places are a decimetre, less than any phone knows. */
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

function instant(time: string | undefined, offset: string | undefined): string | undefined {
  const [, year, month, day, hour, minute, second] = EXIF_TIME.exec(time ?? '') ?? [];
  if (year === undefined || Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return undefined;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${offset && OFFSET.test(offset) ? offset : ''}`;
}

function textOf(tag: unknown): string | undefined {
  const { description } = (tag ?? {}) as { description?: unknown };
  if (typeof description !== 'string') return undefined;
  const text = description
    .slice(0, MAX_CHARACTERS)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .trim();
  return text === '' ? undefined : text;
}
