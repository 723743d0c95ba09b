import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditLog } from '../../src/audit/audit-log.js';
import { cosignatureCheck } from '../../src/audit/cosignature-check.js';
import { AuditCheckpoints } from '../../src/audit/log-store.js';
import { tlogWitness } from '../../src/audit/outlets/tlog-witness.js';
import { AuditPublications } from '../../src/audit/publish-checkpoints.js';
import { runChecks } from '../../src/kernel/check.js';
import { formatKey } from '../../src/proof/index.js';
import { startWitness, type Witness } from '../../src/witness/index.js';
import { type LogFixture, logFixture } from './log-fixture.js';

describe('fsck of what witnesses were given', () => {
  let fixture: LogFixture;
  let folder: string;
  let witness: Witness;
  let log: AuditLog;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-witness-'));
    fixture = await logFixture();
    const logs = (await fixture.log.keys()).all.map(formatKey);
    witness = await startWitness({ folder, name: 'witness.example/w1', logs, host: '127.0.0.1', port: 0 });
    await fixture.log.stop();
    log = await fixture.another({ leaseMs: 0, outlets: [tlogWitness(witness.key, witness.url)], publishEveryMs: 1 });
    await fixture.act(3);
    await log.tick();
    await log.publish();
  });
  afterEach(async () => {
    await log.stop();
    await witness.close();
    await fixture.close();
    await rm(folder, { recursive: true, force: true });
  });

  const kinds = async () => {
    const { ctx } = fixture.kernel;
    const audit = { ...ctx.config.audit, witnesses: [{ key: witness.key, url: witness.url }] };
    const given = { ...ctx, config: { ...ctx.config, audit }, auditLog: log };
    const reports = await runChecks(given, [cosignatureCheck], { deep: false });
    return reports.flatMap(({ findings }) => findings.map(({ kind }) => kind));
  };
  const checkpoints = () => AuditCheckpoints(fixture.kernel.ctx.db).collection;
  const publications = () => AuditPublications(fixture.kernel.ctx.db).collection;

  it('finds nothing while the signatures are there', async () => {
    assert.deepEqual(await kinds(), []);
  });

  it('finds a signature that was taken away, or exchanged', async () => {
    const [row] = await fixture.checkpoints();
    await checkpoints().updateOne({ _id: row?._id as never }, { $set: { cosignatures: [] } });
    assert.deepEqual(await kinds(), ['audit-cosignature']);
    const other = row?.cosignatures[0]?.replace(/.{12}\n$/, 'AAAAAAAAAAA=\n') ?? '';
    await checkpoints().updateOne({ _id: row?._id as never }, { $set: { cosignatures: [other] } });
    assert.deepEqual(await kinds(), ['audit-cosignature']);
  });

  it('finds a log that is shorter than what a witness has, and one that it refused', async () => {
    await publications().updateOne({}, { $set: { size: 9 } });
    assert.deepEqual(await kinds(), ['audit-published']);
    await publications().updateOne({}, { $set: { size: 3, refused: 'it does not continue' } });
    assert.deepEqual(await kinds(), ['audit-refused']);
  });
});
