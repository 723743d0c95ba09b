// One round of the sequencer and the publisher on a folder of its own, as a process that a test kills or starves at a write.
// Usage: sequence-under-fire DATA_DIR ACTS; prints how many acts were acknowledged.
import { join } from 'node:path';
import { AuditLog } from '../../src/audit/audit-log.js';
import { ledgerOf } from '../../src/audit/index.js';
import { fileDrop } from '../../src/audit/outlets/file-drop.js';
import { startStore } from '../../src/embedded/index.js';
import { systemActor } from '../../src/kernel/actor.js';
import { systemClock } from '../../src/kernel/clock.js';
import { makeLogger } from '../../src/kernel/logger.js';
import { ensureIndexes, openDb } from '../../src/kernel/mongo.js';
import { makeTransact } from '../../src/kernel/transact.js';

const [folder = '', acts = '0'] = process.argv.slice(2);
const store = await startStore({ dataDir: join(folder, 'store'), inThread: false });
const db = await openDb(store.uri, 'fire');
await ensureIndexes(db);
const logger = makeLogger('silent');
const outlets = [fileDrop(join(folder, 'drop'))];
const log = await AuditLog.open({
  db,
  logger,
  clock: systemClock,
  sealKey: new Uint8Array(32),
  origin: 'fire.example/audit',
  leaseMs: 0,
  outlets,
  publishEveryMs: 0,
});
const transact = makeTransact({
  db,
  clock: systemClock,
  ledger: ledgerOf(new Uint8Array(32)),
  outbox: { append: async () => [], ring: () => undefined },
});
process.stdout.write('ready\n');
for (let n = 0; n < Number(acts); n += 1) {
  const requestId = `act_${process.pid}_${n}`;
  try {
    await transact(systemActor('fire', requestId), async (tx) => {
      for (const part of [1, 2]) tx.record({ action: 'fire.lit', facts: { part } });
    });
    process.stdout.write(`done ${requestId}\n`);
  } catch {}
  await log.tick().catch(() => undefined);
  await log.publish().catch(() => undefined);
}
await log.stop();
await db.connection.close();
await store.close();
process.exit(0);
