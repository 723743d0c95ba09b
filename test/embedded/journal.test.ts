import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { copyFile, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { copyFolder } from '../../src/embedded/folder-copies.js';
import { readJournals } from '../../src/embedded/read-journals.js';
import { Storage } from '../../src/embedded/storage.js';
import { installStrace } from '../support/strace.js';
import { commit, contentsAfter } from './commits.js';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('write-commits.ts', import.meta.url));

const PAGE = 4096;
/** Some commits are written at once, some aside. */
const inTurn = () => {
  let commits = 0;
  return { isAlone: () => ++commits % 2 === 0 };
};
const flush = fs.fdatasync;
async function contentsOf(folder: string): Promise<Map<string, string>> {
  const storage = await Storage.open(folder);
  try {
    const entries = storage.chunk({ low: Buffer.from([0, 0, 1, 0]), high: Buffer.from([0, 0, 2, 0]) }, 100_000);
    return new Map(entries.map(([key, value]) => [key.toString('hex'), value.toString('hex')]));
  } finally {
    await storage.close();
  }
}

const textOf = (contents: Map<string, string>): string => JSON.stringify([...contents].sort());

/** Repeatable numbers from 0 to 1 (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const JOURNALS = ['journal.0', 'journal.1', 'journal.2'];
/** What of a folder would be there after the power went. */
async function copyFiles(
  from: string,
  to: string,
  names: readonly string[] = ['data.mdb', ...JOURNALS],
): Promise<string> {
  await mkdir(to, { recursive: true });
  for (const name of names) await copyFile(join(from, name), join(to, name)).catch(() => undefined);
  return to;
}

describe('embedded store: journal', function () {
  this.timeout(120_000);
  let folder: string;
  let dataDir: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journal-'));
    dataDir = join(folder, 'data');
  });
  afterEach(async () => {
    withFlushAsItIs();
    await rm(folder, { recursive: true, force: true });
  });

  /** Writes `count` commits to a folder that has `before`, with no checkpoint between; says what lay on the disk at its base. */
  async function writeWithoutCheckpoint(before: number, count: number): Promise<{ storage: Storage; flushed: Buffer }> {
    for (let from = before; ; from += count) {
      const storage = await Storage.open(dataDir, inTurn());
      const flushed = await readFile(join(dataDir, 'data.mdb'));
      const next = readJournals(dataDir)?.next;
      for (let n = from; n < from + count; n++) await commit(storage, n);
      if (readJournals(dataDir)?.next === next) {
        committed = from + count;
        return { storage, flushed };
      }
      await storage.close(); // a slow machine: it was time for a checkpoint
    }
  }
  let committed = 0;

  it('keeps what was committed whichever pages of the file the disk had got when the power went', async () => {
    const first = await Storage.open(dataDir);
    for (let n = 0; n < 600; n++) await commit(first, n);
    await first.close();
    const { storage, flushed } = await writeWithoutCheckpoint(600, 100);
    const file = await readFile(join(dataDir, 'data.mdb'));
    const journals = await copyFiles(dataDir, join(folder, 'journals'), JOURNALS);
    await storage.close();
    const expected = contentsAfter(committed);
    for (let round = 0; round < 60; round++) {
      const random = numbersFrom(round);
      const share = random();
      const cut = join(folder, `cut-${round}`);
      await mkdir(cut);
      const mixed = Buffer.from(file);
      for (let at = 0; at < file.length; at += PAGE)
        if (random() < share) {
          mixed.fill(0, at, at + PAGE);
          flushed.copy(mixed, at, at, at + PAGE);
        }
      await writeFile(
        join(cut, 'data.mdb'),
        mixed.subarray(0, random() < 0.2 ? Math.max(flushed.length, mixed.length / 2) : undefined),
      );
      await copyFiles(journals, cut);
      assert.deepEqual(await contentsOf(cut), expected, `round ${round}`);
      const again = await Storage.open(cut);
      for (let n = committed; n < committed + 20; n++) await commit(again, n);
      await again.close();
      assert.deepEqual(await contentsOf(cut), contentsAfter(committed + 20), `round ${round}, later`);
      await rm(cut, { recursive: true });
    }
  });

  it('takes a commit that was being written for not made, with all of its changes, and keeps those before it', async () => {
    const { storage } = await writeWithoutCheckpoint(0, 30);
    const cut = await copyFiles(dataDir, join(folder, 'cut'));
    await storage.close();
    const { next } = readJournals(cut) ?? assert.fail('no journal');
    const path = join(cut, JOURNALS[(next - 1) % 3] as string);
    const whole = await readFile(path);
    const possible = Array.from({ length: committed + 1 }, (_, n) => textOf(contentsAfter(n)));
    let latest = committed;
    const end = whole.findLastIndex((byte) => byte !== 0) + 1;
    for (let at = end - 1; at > PAGE * 4; at -= 97) {
      const torn = Buffer.from(whole);
      torn[at] = (torn[at] as number) ^ 0x40;
      await writeFile(path, torn);
      const commits = possible.lastIndexOf(textOf(await contentsOf(await copyOf(cut))));
      assert.ok(commits >= 0 && commits <= latest, `${at}: ${commits} of ${latest}`);
      latest = commits;
    }
    assert.ok(latest < committed / 2);
  });

  let copies = 0;
  const copyOf = (from: string): Promise<string> => copyFiles(from, join(folder, `copy-${copies++}`));

  it('goes back to the checkpoint before when the power went in the middle of one', async () => {
    const { storage } = await writeWithoutCheckpoint(0, 40);
    const before = await copyFiles(dataDir, join(folder, 'before'), JOURNALS);
    await storage.close(); // a checkpoint
    const { next } = readJournals(dataDir) ?? assert.fail('no journal');
    const [last, begun] = [next - 2, next - 1].map((generation) => JOURNALS[generation % 3] as string) as [
      string,
      string,
    ];
    await copyFiles(before, dataDir, [last]);
    const unsealed = await readFile(join(dataDir, begun));
    unsealed.fill(0, 0, 16);
    for (const length of [unsealed.length, PAGE + 100, 0]) {
      await writeFile(join(dataDir, begun), unsealed.subarray(0, length));
      assert.equal(readJournals(dataDir)?.commits.length, 40);
      assert.deepEqual(await contentsOf(await copyOf(dataDir)), contentsAfter(committed));
    }
  });

  /** Holds back, or breaks, what Storage asks of fdatasync. */
  function withFlush(change: (real: () => void, done: (error: Error | null) => void) => void): void {
    fs.fdatasync = ((file: number, done: (error: Error | null) => void) =>
      change(() => flush(file, done), done)) as typeof flush;
    syncBuiltinESMExports();
  }
  function withFlushAsItIs(): void {
    fs.fdatasync = flush;
    syncBuiltinESMExports();
  }
  const eio = () => Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });

  it('acknowledges nothing that came while a checkpoint failed, nor after', async () => {
    const storage = await Storage.open(dataDir, inTurn());
    for (let n = 0; n < 10; n++) await commit(storage, n);
    const failing = new Promise<() => void>((resolve) => {
      withFlush((_, done) => resolve(() => done(eio())));
    });
    const said: string[] = [];
    let fail = await Promise.race([failing, undefined]);
    for (let n = 10; !fail; n++) {
      await commit(storage, n);
      committed = n + 1;
      fail = await Promise.race([failing, undefined]);
    }
    const late = Array.from({ length: 5 }, (_, n) =>
      commit(storage, committed + n).then(
        () => said.push('kept'),
        ({ code }) => said.push(code),
      ),
    );
    fail();
    await Promise.all(late);
    await assert.rejects(commit(storage, committed), { code: 'EIO' });
    await storage.close();
    withFlushAsItIs();
    const kept = said.filter((one) => one === 'kept').length;
    assert.deepEqual(said, [...Array(kept).fill('kept'), ...Array(5 - kept).fill('EIO')]);
    const possible = Array.from({ length: 6 - kept }, (_, n) => textOf(contentsAfter(committed + kept + n)));
    assert.ok(possible.includes(textOf(await contentsOf(dataDir))));
  });

  it('is left alone by openings that fail, however many', async () => {
    const { storage } = await writeWithoutCheckpoint(0, 40);
    const cut = await copyFiles(dataDir, join(folder, 'cut'));
    await storage.close();
    withFlush((_, done) => done(eio()));
    for (let n = 0; n < 5; n++) {
      await assert.rejects(Storage.open(cut), { code: 'EIO' });
      assert.equal(readJournals(cut)?.commits.length, 40);
    }
    withFlushAsItIs();
    assert.deepEqual(await contentsOf(cut), contentsAfter(committed));
  });

  it('makes writers wait for a checkpoint that takes long, instead of lengthening the file', async () => {
    const storage = await Storage.open(dataDir, inTurn());
    const held: (() => void)[] = [];
    withFlush((real) => held.push(real));
    let kept = 0;
    let going = true;
    const writer = (async () => {
      for (let n = 0; going; n++, kept++) await commit(storage, n);
    })();
    let before = -1;
    while (before < kept || kept < 1_000) {
      before = kept;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    assert.ok(kept < 2_500, `${kept} commits`);
    going = false;
    withFlush((real) => real());
    for (const go of held) go();
    await writer;
    await storage.close();
    assert.deepEqual(await contentsOf(dataDir), contentsAfter(kept));
  });

  it('is written by the thread that serves for whoever is alone, and for nobody else', async () => {
    const write = fs.writeSync;
    let written = 0;
    fs.writeSync = ((...args: Parameters<typeof write>) => {
      written += 1;
      return write(...args);
    }) as typeof write;
    syncBuiltinESMExports();
    try {
      let isAlone = false;
      const storage = await Storage.open(dataDir, { isAlone: () => isAlone });
      for (let n = 0; n < 10; n++) await commit(storage, n);
      const aside = written;
      isAlone = true;
      for (let n = 10; n < 50; n++) await commit(storage, n);
      const atOnce = written - aside;
      isAlone = false;
      for (let n = 50; n < 60; n++) await commit(storage, n);
      assert.ok(atOnce >= 30, `${atOnce} of 40`); // not where a checkpoint came between, or the file was lengthened
      assert.equal(written, aside + atOnce);
      await storage.close();
    } finally {
      fs.writeSync = write;
      syncBuiltinESMExports();
    }
    assert.deepEqual(await contentsOf(dataDir), contentsAfter(60));
  });

  it('stands alone once the store is closed', async () => {
    const storage = await Storage.open(dataDir);
    for (let n = 0; n < 40; n++) await commit(storage, n);
    await storage.close();
    for (const name of [...JOURNALS, 'lock.mdb']) await rm(join(dataDir, name), { force: true });
    assert.deepEqual(await contentsOf(dataDir), contentsAfter(40));
  });

  it('is done again before a folder is copied whose process was killed', async () => {
    const { storage } = await writeWithoutCheckpoint(0, 30);
    const cut = await copyOf(dataDir);
    await storage.close();
    await copyFolder(cut, join(folder, 'copied'));
    await rm(cut, { recursive: true });
    assert.deepEqual(await contentsOf(join(folder, 'copied')), contentsAfter(committed));
  });

  it('is not believed beside another file than its own', async () => {
    const storage = await Storage.open(dataDir);
    for (let n = 0; n < 40; n++) await commit(storage, n);
    await storage.copyTo(join(folder, 'copy'));
    await storage.close();
    await copyFile(join(folder, 'copy', 'data.mdb'), join(dataDir, 'data.mdb'));
    await assert.rejects(Storage.open(dataDir), /not the file that journal/);
    assert.deepEqual(await contentsOf(join(folder, 'copy')), contentsAfter(40));
  });

  it('keeps commits that no journal has room for', async () => {
    const storage = await Storage.open(dataDir);
    const big = Buffer.alloc(5_000_000, 7);
    await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        storage.write((access) => {
          for (const part of [1, 2, 3, 4]) access.put(Buffer.from([0, 0, 1, n, part]), big);
        }),
      ),
    );
    const cut = await copyFiles(dataDir, join(folder, 'cut'));
    await storage.close();
    assert.equal((await contentsOf(cut)).size, 20);
  });

  describe('on a disk that fails', () => {
    before(installStrace);

    /** Commits in a process of its own, whose calls on `path` fail as told. @returns its words, a line each */
    async function commits(path: string, inject: string, how = 'aside'): Promise<string[]> {
      await (await open(path, 'a')).close(); // strace follows paths that are there
      const calls = inject.split(':')[0];
      const { stdout } = await run(
        'strace',
        [
          '-f',
          '-qq',
          '-o',
          '/dev/null',
          '-P',
          path,
          '-e',
          `trace=${calls}`,
          '-e',
          `inject=${inject}`,
          process.execPath,
          '--import',
          'tsx',
          PROGRAM,
          dataDir,
          '60',
          how,
        ],
        { env: { ...process.env, UV_THREADPOOL_SIZE: '1' } }, // strace counts the calls of each thread apart
      );
      return stdout.trim().split('\n');
    }

    for (const how of ['aside', 'at once'])
      it(`keeps commits by a checkpoint when the journal cannot be written ${how}`, async () => {
        await (await Storage.open(dataDir)).close();
        const { next } = readJournals(dataDir) ?? assert.fail('no journal');
        const journal = join(dataDir, JOURNALS[next % 3] as string);
        const said = await commits(journal, 'pwrite64:error=ENOSPC:when=8', how);
        assert.deepEqual(said, [...Array.from({ length: 60 }, (_, n) => `kept ${n}`), 'closed']);
        assert.deepEqual(await contentsOf(dataDir), contentsAfter(60));
      });

    it('does not do again what lmdb could not commit', async () => {
      await (await Storage.open(dataDir)).close();
      const said = await commits(join(dataDir, 'data.mdb'), 'pwrite64:error=ENOSPC:when=20');
      const kept = said.filter((line) => line.startsWith('kept')).length;
      assert.ok(kept > 0 && kept < 60, said.join());
      assert.deepEqual(await contentsOf(dataDir), contentsAfter(kept));
    });

    it('takes nothing more when the file cannot be flushed, and has what it acknowledged when it is opened again', async () => {
      await (await Storage.open(dataDir)).close();
      const said = await commits(join(dataDir, 'data.mdb'), 'fdatasync:error=EIO:when=2+');
      const kept = said.filter((line) => line.startsWith('kept'));
      assert.ok(kept.length < 60 && said.includes('refused EIO'), said.join());
      const possible = Array.from({ length: 61 - kept.length }, (_, n) => textOf(contentsAfter(kept.length + n)));
      assert.ok(possible.includes(textOf(await contentsOf(dataDir))));
    });
  });
});
