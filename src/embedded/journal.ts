import { closeSync, constants, existsSync, fdatasync, fstatSync, fsyncSync, openSync, write, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';

/** A key and what is under it from now on; nothing when it goes away. */
export type Change = readonly [key: Buffer, value?: Buffer | undefined];

/** A state of `data.mdb`: the number of its last commit, and its first pages, which name all others. */
export interface Base {
  readonly commit: number;
  readonly pages: Buffer;
}

export const MAGIC = Buffer.from('fbstore1');
export const BLOCK = 4096;
export const SEAL_BYTES = 16;
/** Of a record: length, generation, place, check sum. */
export const HEAD_BYTES = 16;
/** Of a journal, before the pages. */
export const HEADER_BYTES = 28;
export const SUM_BYTES = 4;
export const NONE = 0xffff_ffff;

/** A journal with so much in it asks for a checkpoint. */
const ENOUGH = { bytes: 4 * 2 ** 20, commits: 512 };
/** What a journal may hold while a checkpoint is under way, as no page is used again; a commit that has no room waits for it. */
const FULL = { bytes: 16 * 2 ** 20, commits: 1_536 };
/** A file is lengthened by so much at once: a block that is there already is written faster. */
const ROOM = Buffer.alloc(256 * 2 ** 10);

/** On Linux a write returns when it is on the disk (open(2), O_DSYNC); elsewhere it is flushed after. */
const DSYNC = process.platform === 'linux' ? constants.O_DSYNC : 0;
const writeTo = promisify(write);
export const flushTo = (file: number): Promise<void> =>
  new Promise((resolve, reject) => fdatasync(file, (error) => (error ? reject(error) : resolve())));

/** Two are in use at a time; a third can be begun while it is found out what the two say. */
export const FILES = 3;
export const PLACES = Array.from({ length: FILES }, (_, n) => n);
export const pathOf = (dataDir: string, place: number): string => join(dataDir, `journal.${place}`);
export const recordsFrom = (pages: Buffer): number =>
  BLOCK * (1 + Math.ceil((HEADER_BYTES + pages.length + SUM_BYTES) / BLOCK));

/**
 * What was committed since a state of the file, its base: on the disk before it is acknowledged, in one short write behind
 * the last, where lmdb would flush each page that the commit touched and then the page that names them.
 *
 * Files take turns. One holds from its seal on, which says that `data.mdb` was flushed as of its base; until then the one before
 * holds, and this one goes on from there. All numbers are little-endian, check sums CRC-32:
 * ```
 *     0  the seal: magic (8), generation (4), check sum (4)
 *  4096  magic (8), generation (4), records in the one before (4), number of the base's commit (8), pages (4 + n), check sum (4)
 *  then  from the next full block, records: length (4), generation (4), place (4), check sum (4) of these and of the body;
 *        body: for each change the lengths of key and value (4, 4; ffffffff for a removal), key, value
 * ```
 */
export class Journal {
  readonly #generation: number;
  readonly #file: number;
  /** Where the next record will begin; and where the next write does. */
  #end = BLOCK;
  #at = BLOCK;
  #length: number;
  #places = 0;
  #waiting: { bytes: Buffer; written: () => void }[] = [];
  #writing: Promise<void> | undefined;
  /** Something committed is not in here and cannot be: from there on only the next checkpoint keeps anything. */
  #gap = false;
  #keep!: () => void;
  #lose!: (error: unknown) => void;
  readonly #checkpoint: Promise<void>;
  #begun: Promise<void> | undefined;
  /** What must be on the disk besides, before a record here counts. */
  readonly #after: Promise<void> | undefined;

  readonly #files: JournalFiles;
  readonly #enough: () => void;

  private constructor(files: JournalFiles, generation: number, enough: () => void, after?: Promise<void>) {
    this.#files = files;
    this.#file = files[generation % FILES] as number;
    this.#length = fstatSync(this.#file).size;
    this.#generation = generation;
    this.#enough = enough;
    this.#after = after;
    this.#checkpoint = new Promise((resolve, reject) => {
      this.#keep = resolve;
      this.#lose = reject;
    });
    this.#checkpoint.catch(() => undefined);
  }

  /**
   * Begins a journal that goes on from `base`, to be sealed before anything else is done.
   *
   * @param enough  called when it is time for a checkpoint: much is in it, or something could not be written to it
   */
  static first(files: JournalFiles, generation: number, base: Base, enough: () => void): Journal {
    return new Journal(files, generation, enough).#begin(base, NONE);
  }

  /** Begins the next journal, which goes on from `base`: all that is committed. */
  next(base: Base): Journal {
    const after = (this.#writing ?? Promise.resolve()).then(() => (this.#gap ? this.#checkpoint : undefined));
    after.catch(() => undefined);
    return new Journal(this.#files, this.#generation + 1, this.#enough, after).#begin(
      base,
      this.#gap ? NONE : this.#places,
    );
  }

  #begin(base: Base, before: number): this {
    const header = Buffer.alloc(recordsFrom(base.pages) - BLOCK);
    MAGIC.copy(header);
    header.writeUInt32LE(this.#generation, 8);
    header.writeUInt32LE(before, 12);
    header.writeDoubleLE(base.commit, 16);
    header.writeUInt32LE(base.pages.length, 24);
    base.pages.copy(header, HEADER_BYTES);
    const end = HEADER_BYTES + base.pages.length;
    header.writeUInt32LE(crc32(header.subarray(0, end)), end);
    this.#begun = this.#put(header);
    return this;
  }

  get wantsCheckpoint(): boolean {
    return this.#gap || this.#places >= ENOUGH.commits || this.#end >= ENOUGH.bytes;
  }

  get isEmpty(): boolean {
    return this.#places === 0 && !this.#gap;
  }

  /**
   * Writes down what a commit changed; called in the order of commits.
   *
   * @param atOnce  this thread may wait for the disk, for nobody else would have it do anything: two threads need not wake each other
   * @returns when it is on the disk: in here, or by the next checkpoint
   */
  append(changes: readonly Change[], atOnce = false): Promise<void> {
    const body = Buffer.concat(changes.flatMap(([key, value]) => [lengths(key, value), key, value ?? EMPTY]));
    const place = this.#places++;
    if (place >= FULL.commits || this.#end + HEAD_BYTES + body.length > FULL.bytes) this.#gap = true;
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(body.length);
    head.writeUInt32LE(this.#generation, 4);
    head.writeUInt32LE(place, 8);
    head.writeUInt32LE(crc32(body, crc32(head.subarray(0, 12))), 12);
    const kept = this.#gap ? this.#checkpoint : this.#keepHere(Buffer.concat([head, body]), atOnce);
    if (this.wantsCheckpoint) this.#enough();
    return kept;
  }

  async #keepHere(record: Buffer, atOnce: boolean): Promise<void> {
    if (!(atOnce && DSYNC && this.#writeAtOnce(record))) await this.#put(record);
    await (this.#gap ? this.#checkpoint : this.#after);
  }

  /** @returns whether it did: not behind another write, nor where the file must be lengthened first */
  #writeAtOnce(record: Buffer): boolean {
    if (this.#writing || this.#at + record.length > this.#length) return false;
    try {
      for (let done = 0; done < record.length; )
        done += writeSync(this.#file, record, done, record.length - done, this.#at + done);
      this.#at += record.length;
    } catch {
      this.#gap = true;
      this.#enough();
    }
    this.#end += record.length;
    return true;
  }

  /** Settles when it is written, or cannot be. */
  #put(bytes: Buffer): Promise<void> {
    this.#end += bytes.length;
    return new Promise((written) => {
      this.#waiting.push({ bytes, written });
      this.#writing ??= this.#writeWaiting().finally(() => {
        this.#writing = undefined;
      });
    });
  }

  /** What comes while a write is under way shares the next one. */
  async #writeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      const together = this.#waiting.splice(0);
      try {
        if (!this.#gap) await this.#write(Buffer.concat(together.map(({ bytes }) => bytes)));
      } catch {
        this.#gap = true;
        this.#enough();
      }
      for (const { written } of together) written();
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    while (this.#at + bytes.length > this.#length) {
      await whole(this.#file, ROOM, this.#length);
      this.#length += ROOM.length;
    }
    await whole(this.#file, bytes, this.#at);
    if (!DSYNC) await flushTo(this.#file);
    this.#at += bytes.length;
  }

  /** From now on this journal holds, with its base. @throws Error of the file system when that cannot be written */
  async seal(): Promise<void> {
    await this.#begun;
    if (this.#at === BLOCK) throw new Error('the journal could not be begun');
    const seal = Buffer.alloc(SEAL_BYTES);
    MAGIC.copy(seal);
    seal.writeUInt32LE(this.#generation, 8);
    seal.writeUInt32LE(crc32(seal.subarray(0, 12)), 12);
    await whole(this.#file, seal, 0);
    if (!DSYNC) await flushTo(this.#file);
  }

  /**
   * Nothing more is written here.
   *
   * @param error  why the checkpoint failed; without one, all that waited for it is on the disk, and the next journal sealed
   */
  async end(error?: unknown): Promise<void> {
    this.#gap = true;
    if (error === undefined) this.#keep();
    else this.#lose(error);
    await this.#writing;
    if (error === undefined) await whole(this.#file, Buffer.alloc(SEAL_BYTES), 0).catch(() => undefined); // its base holds no longer
  }
}

/** Descriptors, by place: opened once, as a checkpoint must not fail for want of one. */
export type JournalFiles = readonly number[];

/** Opens the files, and makes those that are not there. @throws Error of the file system */
export function openJournals(dataDir: string): JournalFiles {
  const isNew = PLACES.some((place) => !existsSync(pathOf(dataDir, place)));
  const files: number[] = [];
  try {
    for (const place of PLACES)
      files.push(openSync(pathOf(dataDir, place), constants.O_RDWR | constants.O_CREAT | DSYNC, 0o600));
    if (isNew) flushSync(dataDir);
    return files;
  } catch (error) {
    closeJournals(files);
    throw error;
  }
}

export function closeJournals(files: JournalFiles): void {
  for (const file of files) closeSync(file);
}

const EMPTY = Buffer.alloc(0);

function lengths(key: Buffer, value: Buffer | undefined): Buffer {
  const both = Buffer.allocUnsafe(8);
  both.writeUInt32LE(key.length);
  both.writeUInt32LE(value?.length ?? NONE, 4);
  return both;
}

async function whole(file: number, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await writeTo(file, bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** Flushes a file, or a folder's list of files. */
export function flushSync(path: string): void {
  if (process.platform === 'win32') return; // which has no way to flush a folder, and opens no file for it that way
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
