import { AuditLog, type AuditLogOptions } from '../../src/audit/audit-log.js';
import { AuditCheckpoints, AuditEntries, type CheckpointRow, type EntryRow } from '../../src/audit/log-store.js';
import type { EventRow } from '../../src/audit/words.js';
import type { AuditDraft } from '../../src/kernel/audit-draft.js';
import { type TestKernel, testActor, testKernel } from '../support/kernel.js';

export const ORIGIN = 'log.example/audit';

/** A log on a database of its own: acts write into it, `log` gives their events a place and signs. */
export interface LogFixture {
  readonly kernel: TestKernel;
  readonly log: AuditLog;
  readonly sealKey: Uint8Array;
  /** Another process on the same log. */
  another(options?: Partial<AuditLogOptions>): Promise<AuditLog>;
  /** One act that records so many events. */
  act(events?: number, draft?: Partial<AuditDraft>): Promise<void>;
  entries(): Promise<EntryRow[]>;
  checkpoints(): Promise<CheckpointRow[]>;
  events(): Promise<EventRow[]>;
  close(): Promise<void>;
}

export async function logFixture(options: Partial<AuditLogOptions> = {}): Promise<LogFixture> {
  const kernel = await testKernel();
  const { db, clock, logger } = kernel.ctx;
  const sealKey = kernel.ctx.secrets.auditKey;
  const another = (more: Partial<AuditLogOptions> = {}) =>
    AuditLog.open({ db, clock, logger, sealKey, origin: ORIGIN, ...options, ...more });
  const all = async <T>(name: string) =>
    (await db.connection
      .collection(name)
      .find({}, { promoteBuffers: true })
      .sort({ _id: 1 })
      .toArray()) as unknown as T[];
  return {
    kernel,
    log: await another(),
    sealKey,
    another,
    act: (events = 1, draft = {}) =>
      kernel.ctx.transact(testActor({ address: '203.0.113.9' }), async (tx) => {
        for (let n = 0; n < events; n += 1) tx.record({ action: 'case.viewed', facts: { n }, ...draft });
      }),
    entries: () => all<EntryRow>(AuditEntries.collectionName),
    checkpoints: () => all<CheckpointRow>(AuditCheckpoints.collectionName),
    events: () => all<EventRow>('auditEvents'),
    close: () => kernel.close(),
  };
}
