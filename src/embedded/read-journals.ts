import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import {
  type Base,
  BLOCK,
  type Change,
  FILES,
  flushSync,
  HEAD_BYTES,
  HEADER_BYTES,
  MAGIC,
  NONE,
  PLACES,
  pathOf,
  recordsFrom,
  SEAL_BYTES,
  SUM_BYTES,
} from './journal.js';

/** What the journals of a folder say. */
export interface Journaled {
  readonly base: Base;
  /** The changes of each commit since then, oldest first. */
  readonly commits: readonly (readonly Change[])[];
  /** Of the journal to begin, in a file that none of this is in. */
  readonly next: number;
}

/** For a file that stands by itself: nothing is to be done again. The one that holds goes last. */
export function dropJournals(dataDir: string): void {
  const generationOf = (place: number) => readJournal(pathOf(dataDir, place))?.generation ?? 0;
  for (const place of PLACES.toSorted((a, b) => generationOf(a) - generationOf(b))) {
    rmSync(pathOf(dataDir, place), { force: true });
    flushSync(dataDir);
  }
}

/** @returns nothing when no journal of the folder was ever sealed */
export function readJournals(dataDir: string): Journaled | undefined {
  const found = PLACES.map((place) => readJournal(pathOf(dataDir, place)))
    .filter((one) => one !== undefined)
    .sort((a, b) => a.generation - b.generation);
  const from = found.findLastIndex(({ isSealed }) => isSealed);
  const [first, ...later] = found.slice(from);
  if (from < 0 || !first) return undefined;
  const told = [first];
  for (const one of later) {
    const last = told.at(-1) as OneJournal;
    if (one.generation !== last.generation + 1 || one.before !== last.commits.length) break;
    told.push(one);
  }
  let next = (found.at(-1) as OneJournal).generation + 1;
  while (told.some(({ generation }) => generation % FILES === next % FILES)) next++;
  return { base: first.base, commits: told.flatMap(({ commits }) => commits), next };
}

interface OneJournal extends Omit<Journaled, 'next'> {
  readonly generation: number;
  readonly isSealed: boolean;
  /** Records that the journal before it must have. */
  readonly before: number;
}

/** Reads no further than the first record when that is none. */
const BEGINNING = 256 * 2 ** 10;

function readJournal(path: string): OneJournal | undefined {
  const beginning = beginningOf(path);
  if (!beginning) return undefined;
  const header = beginning.subarray(BLOCK);
  if (header.length < HEADER_BYTES || !header.subarray(0, 8).equals(MAGIC)) return undefined;
  const [generation, before, length] = [8, 12, 24].map((at) => header.readUInt32LE(at)) as [number, number, number];
  const end = HEADER_BYTES + length;
  if (header.length < end + SUM_BYTES || !isChecked(header.subarray(0, end + SUM_BYTES))) return undefined;
  const base = { commit: header.readDoubleLE(16), pages: Buffer.from(header.subarray(HEADER_BYTES, end)) };
  const seal = beginning.subarray(0, SEAL_BYTES);
  const isSealed = seal.subarray(0, 8).equals(MAGIC) && seal.readUInt32LE(8) === generation && isChecked(seal);
  const from = recordsFrom(base.pages);
  const isEmpty = beginning.length < from + HEAD_BYTES || beginning.readUInt32LE(from + 4) !== generation;
  const bodies = isEmpty ? [] : recordsIn(readFileSync(path), from, generation);
  return { base, commits: bodies.map(changesIn), generation, isSealed, before };
}

function beginningOf(path: string): Buffer | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(BEGINNING);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** Whether the last four bytes are the check sum of those before. */
const isChecked = (bytes: Buffer): boolean =>
  bytes.readUInt32LE(bytes.length - 4) === crc32(bytes.subarray(0, bytes.length - 4));

/** Up to the first that is not whole: what was being written when the power went, or what was there before. */
function recordsIn(file: Buffer, from: number, generation: number): Buffer[] {
  const bodies: Buffer[] = [];
  for (let at = from; at + HEAD_BYTES <= file.length; ) {
    const end = at + HEAD_BYTES + file.readUInt32LE(at);
    if (file.readUInt32LE(at + 4) !== generation || file.readUInt32LE(at + 8) !== bodies.length || end > file.length)
      break;
    const body = file.subarray(at + HEAD_BYTES, end);
    if (file.readUInt32LE(at + 12) !== crc32(body, crc32(file.subarray(at, at + 12)))) break;
    bodies.push(body);
    at = end;
  }
  return bodies;
}

function changesIn(body: Buffer): Change[] {
  const changes: Change[] = [];
  for (let at = 0; at < body.length; ) {
    const [keyBytes, valueBytes] = [body.readUInt32LE(at), body.readUInt32LE(at + 4)];
    const key = body.subarray(at + 8, at + 8 + keyBytes);
    at += 8 + keyBytes;
    const value = valueBytes === NONE ? undefined : body.subarray(at, at + valueBytes);
    at += value?.length ?? 0;
    changes.push([key, value]);
  }
  return changes;
}
