import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { LimitedProcess } from '../../src/evidence/limited-process.js';
import { makePreviewer } from '../../src/evidence/previewer.js';
import { scratchFile } from '../../src/evidence/scratch-file.js';
import { Standby } from '../../src/evidence/standby.js';
import type { EvidenceType } from '../../src/evidence/words.js';
import { photo } from '../support/samples.js';

const PROGRAM = fileURLToPath(new URL('preview-program.ts', import.meta.url));
const LIMITS = { milliseconds: 60_000, megabytes: 1_024 };

describe('a process that waits for its work', function () {
  this.timeout(120_000);

  describe('for the previewer', () => {
    const previewer = makePreviewer(LIMITS);
    const others = new Set<number>();
    before(async () => {
      for (const pid of await waitingOf(process.pid)) others.add(pid);
    });
    after(() => previewer.close());

    async function preview(bytes: Uint8Array, type: EvidenceType) {
      const file = await scratchFile(only(bytes));
      const answer = await previewer.preview(file, { type }).finally(() => file.close());
      assert.ok('made' in answer, JSON.stringify(answer));
    }
    const waiting = async () => (await waitingOf(process.pid)).filter((pid) => !others.has(pid));
    async function theOne(): Promise<number> {
      const [pid, ...more] = await waiting();
      assert.ok(pid !== undefined && more.length === 0);
      return pid;
    }

    it('is there after the first picture, not before, and not for words', async () => {
      await preview(Buffer.from('words'), 'text/plain');
      assert.deepEqual(await waiting(), []);
      await preview(await photo(), 'image/jpeg');
      await theOne();
    });

    it('works on one file: it is gone with it, and another waits', async () => {
      const seen = new Set<number>();
      for (let n = 0; n < 3; n += 1) {
        seen.add(await theOne());
        await preview(await photo(), 'image/jpeg');
      }
      seen.add(await theOne());
      assert.equal(seen.size, 4);
      for (const pid of [...seen].slice(0, 3)) assert.ok(!(await lives(pid)));
    });

    it('loads while the file that is expected is on its way, and for no words', async () => {
      const own = makePreviewer(LIMITS);
      const there = new Set(await waitingOf(process.pid));
      const added = async () => (await waitingOf(process.pid)).filter((pid) => !there.has(pid));
      own.expect('text/plain');
      assert.deepEqual(await added(), []);
      own.expect('image/jpeg');
      own.expect('image/jpeg');
      const [pid, ...more] = await added();
      assert.ok(pid !== undefined && more.length === 0);
      const file = await scratchFile(only(await photo()));
      const answer = await own.preview(file, { type: 'image/jpeg' }).finally(() => file.close());
      assert.ok('made' in answer, JSON.stringify(answer));
      assert.ok(!(await lives(pid)), 'it was the one that worked');
      const next = await added();
      own.close();
      await Promise.all(next.map(gone));
    });

    it('is killed and costs no preview', async () => {
      const pid = await theOne();
      process.kill(pid, 'SIGKILL');
      await gone(pid);
      await preview(await photo(), 'image/jpeg');
    });

    it('is killed and costs no preview, when nobody has noticed yet', async () => {
      const file = await scratchFile(only(await photo()));
      process.kill(await theOne(), 'SIGKILL');
      const answer = await previewer.preview(file, { type: 'image/jpeg' }).finally(() => file.close());
      assert.ok('made' in answer, JSON.stringify(answer));
    });

    it('is killed and costs no preview, in the middle of the hand-over', async () => {
      const pid = await theOne();
      process.kill(pid, 'SIGSTOP');
      const made = preview(Buffer.concat([await photo(), Buffer.alloc(4_000_000)]), 'image/jpeg');
      await pause(200);
      process.kill(pid, 'SIGKILL');
      await made;
      await theOne();
    });

    it('ends with the previewer, which starts none from then on', async () => {
      const pid = await theOne();
      previewer.close();
      await gone(pid);
      await preview(await photo(), 'image/jpeg');
      assert.deepEqual(await waiting(), []);
    });
  });

  describe('ends with the process that started it', () => {
    /** The program has made a preview; a process waits, and only that could keep it. */
    async function started(): Promise<{ program: ChildProcess; waiting: number }> {
      const program = spawn(process.execPath, ['--import=tsx', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
      await once(program.stdout as Readable, 'data');
      const [waiting] = await waitingOf(program.pid as number);
      assert.ok(waiting !== undefined);
      return { program, waiting };
    }

    it('that is killed', async () => {
      const { program, waiting } = await started();
      program.kill('SIGKILL');
      await gone(waiting);
    });

    it('that has nothing else to do, and ends', async () => {
      const { program, waiting } = await started();
      program.stdin?.end();
      assert.deepEqual(await once(program, 'exit'), [0, null]);
      await gone(waiting);
    });
  });

  describe('stands by', () => {
    const begun: LimitedProcess[] = [];
    const start = () => {
      const one = new LimitedProcess(['sh', '-c', 'cat >&4'], { ...LIMITS, answerBytes: 100 });
      begun.push(one);
      return one;
    };
    const last = () => begun.at(-1) as LimitedProcess;

    it('until it was not needed for a while', async () => {
      const standby = new Standby(start, 10);
      standby.prepare();
      assert.equal(await last().ended, null);
      assert.equal(standby.take(), undefined);
    });

    it('alone, and is taken once', async () => {
      const standby = new Standby(start);
      standby.prepare();
      standby.prepare();
      const taken = standby.take();
      assert.equal(taken, last());
      assert.equal(standby.take(), undefined);
      assert.deepEqual(await taken?.work(only(Buffer.from('a file'))), { bytes: Buffer.from('a file') });
      standby.prepare();
      assert.notEqual(last(), taken);
      standby.close();
      assert.equal(await last().ended, null);
    });

    it('without its time passing: that counts from its work', async () => {
      const limits = { milliseconds: 2_000, megabytes: 64, answerBytes: 100 };
      const patient = new LimitedProcess(['sh', '-c', 'cat >&4'], limits);
      const hangs = new LimitedProcess(['sleep', '60'], limits);
      await pause(limits.milliseconds + 200);
      assert.deepEqual(await patient.work(only(Buffer.from('x'))), { bytes: Buffer.from('x') });
      assert.deepEqual(await hangs.work(only(Buffer.from('x'))), { failed: 'timed-out' });
    });
  });
});

/** Pids of the children of a process that wait for a picture. */
async function waitingOf(parent: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${parent}/task`);
  const children = await Promise.all(
    threads.map((id) => readFile(`/proc/${parent}/task/${id}/children`, 'utf8').catch(() => '')),
  );
  const pids = children.flatMap((line) => line.split(' ').filter(Boolean).map(Number));
  const commands = await Promise.all(pids.map(commandOf));
  return pids.filter((_, at) => commands[at]?.endsWith('main.js\0ahead\0'));
}

/** In the moment in which a shell becomes the program that it was to start, it has none. */
async function commandOf(pid: number): Promise<string> {
  for (;;) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command !== '' || !(await lives(pid))) return command;
  }
}

/** Whether it runs; one that has ended and that nobody asked about does not. */
async function lives(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) Z /.test(stat);
}

/** Of a process that is no child of ours nobody tells the end. */
async function gone(pid: number): Promise<void> {
  while (await lives(pid)) await pause(10);
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
