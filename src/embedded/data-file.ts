import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { open, type Transaction as ReadTransaction, type RootDatabase } from 'lmdb';
import type { Entry, Range } from './ranges.js';
import type { Journaled } from './read-journals.js';

export type DataFile = RootDatabase<Buffer, Buffer>;

/** Version of what is written into a folder; a store refuses every other. */
export const FORMAT = 4;
/** Was written without a journal: as it lies there it is whole. */
const FORMAT_BEFORE = 3;
export const FORMAT_KEY = Buffer.from([0, 0, 0, 0, 0]);

/** Open transactions at once, each of which reads in a snapshot of its own. */
export const MAX_SNAPSHOTS = 4096;
/** Readers besides: the base of the journal, and what reads the last commit. */
const OTHER_READERS = 16;

/**
 * At the end of the first page, where lmdb leaves room, a file that has journals is marked with random bytes. A copy that lmdb
 * makes is not, so that no journal is taken for its own.
 */
const MARK_BYTES = 16;

/** Address space set aside for the map, in bytes; the file only grows to what is in it. */
const MAP_BYTES = 256 * 2 ** 30;

export const ENCODINGS = { encoding: 'binary', keyEncoding: 'binary' } as const;

export const formatOf = (db: DataFile): number | undefined => db.getBinary(FORMAT_KEY)?.readUInt32BE();

export function openFile(dataDir: string, options: { readOnly?: boolean } = {}): DataFile {
  return open<Buffer, Buffer>({
    ...options,
    path: dataDir,
    ...ENCODINGS,
    overlappingSync: false,
    noSync: true,
    mapSize: MAP_BYTES,
    maxDbs: 1,
    maxReaders: MAX_SNAPSHOTS + OTHER_READERS,
  } as Parameters<typeof open>[0] & object) as DataFile;
}

/**
 * Opens the file in the state that its journals go on from. When the power went, the file may hold some pages of later
 * commits and lack others, and the pages that name them are the last thing to trust.
 */
export async function openAsOf(dataDir: string, journaled: Journaled | undefined): Promise<DataFile> {
  const db = openFile(dataDir);
  const { pageSize, lastTxnId } = statsOf(db);
  const file = openSync(join(dataDir, 'data.mdb'), 'r+');
  try {
    const found = firstPages(file, pageSize);
    if (!journaled) {
      writeSync(file, randomBytes(MARK_BYTES), 0, MARK_BYTES, pageSize - MARK_BYTES);
      return db;
    }
    const { pages, commit } = journaled.base;
    if (found.equals(pages)) return db;
    await db.close();
    const mark = (bytes: Buffer) => bytes.subarray(pageSize - MARK_BYTES, pageSize);
    if (lastTxnId < commit || !mark(found).equals(mark(pages)))
      throw new Error(
        `data.mdb in ${dataDir} is not the file that journal.* there belong to: take them away if it is a copy`,
      );
    rmSync(join(dataDir, 'lock.mdb')); // it speaks of the later commits
    writeSync(file, pages, 0, pages.length, 0);
  } finally {
    closeSync(file);
  }
  return openFile(dataDir);
}

/** Which name all other pages: lmdb's two meta pages. */
export function firstPages(file: number, pageSize: number): Buffer {
  const pages = Buffer.alloc(2 * pageSize);
  readSync(file, pages, 0, pages.length, 0);
  return pages;
}

export const statsOf = (db: DataFile) =>
  db.getStats() as { pageSize: number; lastTxnId: number; lastPageNumber: number };

/** @throws Error when the file is of a format that this store does not read; a new file has none yet */
export function refuseOtherFormat(dataDir: string, db: DataFile): void {
  const found = formatOf(db);
  if (found !== undefined && found !== FORMAT && found !== FORMAT_BEFORE)
    throw new Error(
      `${dataDir} was written in format ${found}, this store reads format ${FORMAT}; start with another folder, or open this one with the version that wrote it`,
    );
}

type Readable = Pick<DataFile, 'getRange'>;

/** Entries of a range, from its begin or behind `last`; of the last commit, or of what a reader holds. */
export function chunkOf(
  db: Readable,
  range: Range,
  limit: number,
  last?: Buffer,
  transaction?: ReadTransaction,
): Entry[] {
  const { low, high, reverse } = range;
  const options = reverse
    ? { start: last ?? high, end: low, reverse: true, exclusiveStart: true, inclusiveEnd: true, limit }
    : { start: last ?? low, end: high, exclusiveStart: last !== undefined, limit };
  const entries: Entry[] = [];
  for (const { key, value } of db.getRange(transaction ? { ...options, transaction } : options))
    entries.push([key, value]);
  return entries;
}

export function getFrom(db: DataFile, key: Buffer, transaction: ReadTransaction): Buffer | undefined {
  const binary = db as unknown as { getBinary(key: Buffer, options: object): Buffer | undefined };
  return binary.getBinary(key, { transaction });
}
