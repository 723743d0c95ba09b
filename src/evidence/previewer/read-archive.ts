import { fstatSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';
import { visible } from './read-text.js';
import { type ArchiveContent, type ArchiveWarning, INPUT_FD, NotPreviewable } from './words.js';

/** Entries that are shown, and unpacked to check their sizes. */
const MAX_LISTED = 1_000;
const MAX_COUNTED = 100_000;
const MAX_NAME_CHARACTERS = 1_000;

/** Text deflates ten to one, a blank picture fifty; a bomb a thousand. Small ones hurt nobody. */
const BOMB_RATIO = 100;
const BOMB_BYTES = 64 * 1024 * 1024;

/** Unpacked and thrown away, to see whether entries are as large as they say; beyond, the claim itself is the warning. */
const MAX_CHECKED_BYTES = 128 * 1024 * 1024;
const LOCAL_HEADER_BYTES = 30;

/** What a ZIP says it holds. Nothing is unpacked to disk, and names are labels: no path is ever made of them. */
export async function readArchive(): Promise<ArchiveContent> {
  const zip = await fromFdPromise(INPUT_FD, { lazyEntries: true, decodeStrings: false, autoClose: false }).catch(
    (cause: unknown) => {
      throw new NotPreviewable('damaged', cause);
    },
  );
  const { entries, damaged } = await entriesOf(zip);
  const size = sum(entries.map(({ uncompressedSize }) => uncompressedSize));
  const compressedSize = sum(entries.map((entry) => entry.compressedSize));
  const warnings = new Set<ArchiveWarning>(damaged ? ['damaged'] : []);
  if (ratioOf(size, Math.min(compressedSize, fstatSync(INPUT_FD).size)) >= BOMB_RATIO && size >= BOMB_BYTES)
    warnings.add('ratio');
  if (overlapping(entries)) warnings.add('overlap');
  if (entries.length >= MAX_COUNTED) warnings.add('too-many-entries');
  const names = entries.map(nameOf);
  if (names.some((name) => /\.(?:zip|jar|rar|7z|tgz|gz|bz2|xz|tar)$/i.test(name))) warnings.add('nested');
  if (names.some(escapes)) warnings.add('path-escape');
  if (entries.some((entry) => entry.isEncrypted())) warnings.add('encrypted');
  if (!warnings.has('overlap') && size <= MAX_CHECKED_BYTES && (await lies(zip, entries))) warnings.add('sizes-lie');
  return {
    entries: entries.slice(0, MAX_LISTED).map((entry, at) => ({
      name: visible((names[at] ?? '').slice(0, MAX_NAME_CHARACTERS)),
      size: entry.uncompressedSize,
      compressedSize: entry.compressedSize,
      ratio: ratioOf(entry.uncompressedSize, entry.compressedSize),
      encrypted: entry.isEncrypted(),
    })),
    count: zip.entryCount,
    size,
    compressedSize,
    ratio: ratioOf(size, compressedSize),
    bomb: (['ratio', 'overlap', 'sizes-lie'] as const).some((sign) => warnings.has(sign)),
    warnings: [...warnings],
    truncated: entries.length > MAX_LISTED,
  };
}

/** As far as the directory can be read: what is broken behind is no reason to hide what stands before it. */
async function entriesOf(zip: ZipFile): Promise<{ entries: Entry[]; damaged: boolean }> {
  const entries: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      entries.push(entry);
      if (entries.length >= MAX_COUNTED) break;
    }
    return { entries, damaged: false };
  } catch {
    return { entries, damaged: true };
  }
}

/** Two entries on the same bytes: how 42 kB become petabytes without a layer inside a layer. */
function overlapping(entries: readonly Entry[]): boolean {
  const parts = entries
    .map((entry) => ({
      start: entry.relativeOffsetOfLocalHeader,
      end: entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + entry.compressedSize,
    }))
    .toSorted((a, b) => a.start - b.start);
  return parts.some(({ start }, at) => at > 0 && start < (parts[at - 1]?.end ?? 0));
}

/** Whether some entry unpacks to another size than it says. yauzl ends a stream that grows past it. */
async function lies(zip: ZipFile, entries: readonly Entry[]): Promise<boolean> {
  for (const entry of entries.slice(0, MAX_LISTED)) {
    if (entry.isEncrypted() || ![0, 8].includes(entry.compressionMethod)) continue;
    try {
      const bytes = await zip.openReadStreamPromise(entry);
      for await (const _chunk of bytes);
    } catch {
      return true;
    }
  }
  return false;
}

/** Windows in China writes GBK and says nothing of it, so a name is read as the first of these it is well-formed in. */
function nameOf({ fileNameRaw }: Entry): string {
  for (const charset of ['utf-8', 'gb18030'] as const) {
    try {
      return new TextDecoder(charset, { fatal: true }).decode(fileNameRaw);
    } catch {}
  }
  return fileNameRaw.toString('latin1');
}

const escapes = (name: string): boolean => /^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(name);

const ratioOf = (size: number, compressed: number): number =>
  size === 0 ? 1 : Math.round((size / Math.max(compressed, 1)) * 10) / 10;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
