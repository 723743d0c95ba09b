import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AuditLog } from '../../src/audit/audit-log.js';
import { AuditCheckpoints, AuditEntries, AuditPending, readLog } from '../../src/audit/log-store.js';
import { AuditEvents } from '../../src/audit/store.js';
import { readEvent } from '../../src/audit/verify-event.js';
import { startStore } from '../../src/embedded/index.js';
import { systemClock } from '../../src/kernel/clock.js';
import { makeLogger } from '../../src/kernel/logger.js';
import { openDb } from '../../src/kernel/mongo.js';
import { Accumulator, equal, verifyCheckpoint } from '../../src/proof/index.js';
import { nodePrimitives } from '../../src/proof/node.js';

const PROGRAM = fileURLToPath(new URL('./sequence-under-fire.ts', import.meta.url));
const TSX = import.meta.resolve('tsx');
/** What the store, and a publisher that drops files, reach the disk by; `write` alone is mostly sockets and is left out. */
const WRITES = 'pwrite64,writev,pwritev,fsync,fdatasync,msync,ftruncate,rename,link';
const ACTS = 6;

/** Which write it is, counted for each thread; before the 10th the store is still being made. EVERY_WRITE tries each. */
const AT = process.env['EVERY_WRITE'] ? Array.from({ length: 60 }, (_, n) => n + 1) : [16, 28];
const FAULTS = { SIGKILL: 'signal=SIGKILL', EIO: 'error=EIO' } as const;

describe('the audit log, when its process is killed or its disk fails at a write', function () {
  this.timeout(300_000);
  before(function () {
    this.timeout(300_000);
    if (!existsSync('/usr/bin/strace')) {
      assert.equal(process.getuid?.(), 0, 'install strace (Debian: apt-get install strace)');
      execFileSync('apt-get', ['-q', '-y', 'install', '--no-install-recommends', 'strace'], { stdio: 'ignore' });
    }
  });

  /** Runs acts in a process under strace; says which were acknowledged, and how it ended. */
  const run = (folder: string, inject?: string) =>
    new Promise<{ done: string[]; signal: string | null }>((resolve, reject) => {
      const command = [process.execPath, '--import', TSX, PROGRAM, folder, String(ACTS)];
      const traced = inject
        ? [
            'strace',
            '-f',
            '-q',
            '-o',
            '/dev/null',
            '-e',
            `trace=${WRITES}`,
            '-e',
            `inject=${WRITES}:${inject}`,
            ...command,
          ]
        : command;
      const [name = '', ...args] = traced;
      const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'ignore'] });
      let out = '';
      child.stdout.on('data', (piece) => {
        out += String(piece);
      });
      child.once('error', reject);
      child.once('close', (_code, signal) => {
        resolve({ done: [...out.matchAll(/^done (\S+)$/gm)].map(([, id = '']) => id), signal });
      });
    });

  /** A process after it finishes what was left, and the log is whole: nothing lost, no index twice, no checkpoint that contradicts. */
  async function assertWhole(folder: string, acknowledged: readonly string[]): Promise<void> {
    const store = await startStore({ dataDir: join(folder, 'store') });
    const db = await openDb(store.uri, 'fire');
    try {
      const log = await AuditLog.open({
        db,
        clock: systemClock,
        logger: makeLogger('silent'),
        sealKey: new Uint8Array(32),
        origin: 'fire.example/audit',
        leaseMs: 0,
      });
      await log.tick();
      const events = (await AuditEvents(db).collection.find({}, { promoteBuffers: true }).toArray()) as unknown as {
        _id: string;
        bytes: Uint8Array;
        leafHash: Uint8Array;
      }[];
      const entries = await AuditEntries(db).collection.find({}).sort({ _id: 1 }).toArray();
      const there = new Set(events.map(({ bytes }) => readEvent(bytes)?.requestId));
      for (const id of acknowledged) assert.ok(there.has(id), `${id} was acknowledged`);
      assert.deepEqual(
        entries.map(({ _id }) => Number(_id)),
        entries.map((_, n) => n),
      );
      assert.deepEqual(entries.map((entry) => entry['event']).toSorted(), events.map(({ _id }) => _id).toSorted());
      assert.equal(await AuditPending(db).countDocuments(), 0);
      assert.equal((await readLog(db))?.signed, entries.length);
      const leaves = new Map(events.map(({ _id, leafHash }) => [_id, leafHash]));
      const tree = new Accumulator(nodePrimitives);
      const roots = [await tree.root()];
      for (const entry of entries) {
        await tree.append(leaves.get(String(entry['event'])) as Uint8Array);
        roots.push(await tree.root());
      }
      const notes = (await AuditCheckpoints(db).collection.find({}).toArray()).map((row) => String(row['note']));
      const drop = join(folder, 'drop');
      const dropped = (await readdir(drop).catch(() => [])).filter((name) => !name.startsWith('.'));
      for (const name of dropped) notes.push(await readFile(join(drop, name), 'utf8'));
      const { all } = await log.keys();
      for (const note of notes) {
        const { size, root } = await verifyCheckpoint(nodePrimitives, note, all);
        assert.ok(equal(root, roots[size] as Uint8Array), `checkpoint of ${size}`);
      }
    } finally {
      await db.connection.close();
      await store.close();
    }
  }

  for (const [name, fault] of Object.entries(FAULTS)) {
    it(`loses nothing and contradicts nothing: ${name}`, async () => {
      let cut = 0;
      for (const when of AT) {
        const folder = await mkdtemp(join(tmpdir(), 'firebreak-fire-'));
        try {
          const first = await run(folder, `${fault}:when=${when}`);
          if (first.done.length < ACTS) cut += 1;
          await assertWhole(folder, first.done);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }
      assert.ok(cut > 0, 'no run was cut: the counts are no longer those of the writes');
    });
  }
});
