import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { migrateEvidence } from '../../src/evidence/migrate-evidence.js';
import { readObject } from '../../src/evidence/objects.js';
import { makeVault, openObjects } from '../../src/evidence/open-vault.js';
import type { Vault } from '../../src/evidence/vault.js';
import { type S3Server, startS3 } from '../support/s3.js';
import { CASE, type EvidenceWorld, evidenceWorld, OWNER } from './support.js';

describe('moving evidence to another store', () => {
  let s3: S3Server;
  let world: EvidenceWorld;
  const sizes = [10, 100_000, 9 * 1024 * 1024];
  let kept: { id: string; sha256: string }[];

  before(async () => {
    s3 = await startS3();
  });
  after(() => s3.close());
  beforeEach(async () => {
    world = await evidenceWorld({}, { EVIDENCE_STORE_KEY: s3.key });
    kept = [];
    for (const size of sizes) {
      const held = await world.ctx.vault.hold(Readable.from([randomBytes(size)]));
      const id = await world.ctx.transact(OWNER, async (tx) => {
        tx.record({ action: 'test.kept' });
        return world.ctx.vault.keep(tx, CASE, held);
      });
      kept.push({ id, sha256: held.sha256 });
    }
  });
  afterEach(() => world.kernel.close());

  const here = (name: string) => pathToFileURL(join(world.kernel.folder, name)).href;
  const vaultAt = async (url: string): Promise<Vault> =>
    makeVault(await openObjects(world.ctx.config, world.ctx.secrets, url), world.kernel.ctx);
  async function opensAll(vault: Vault): Promise<void> {
    for (const { id, sha256 } of kept) {
      const hash = createHash('sha256');
      const object = await readObject(world.ctx.db, id);
      assert.ok(object);
      for await (const chunk of (await vault.open(object)).bytes) hash.update(chunk);
      assert.equal(hash.digest('hex'), sha256);
    }
  }

  it('copies, reads every copy through, and removes only then', async () => {
    const first = await migrateEvidence(world.ctx, { to: s3.url, remove: false });
    assert.deepEqual([first.copied, first.verified, first.removed, first.failed], [3, 3, 0, []]);
    const inS3 = await vaultAt(s3.url);
    await opensAll(inS3);
    await opensAll(world.ctx.vault);
    const again = await migrateEvidence(world.ctx, { to: s3.url, remove: true });
    assert.deepEqual([again.copied, again.verified, again.removed], [0, 3, 3]);
    assert.deepEqual(await world.files(), []);
    const back = await migrateEvidence({ ...world.ctx, vault: inS3 }, { to: here('back'), remove: true });
    assert.deepEqual([back.copied, back.verified, back.removed], [3, 3, 3]);
    await opensAll(await vaultAt(here('back')));
    assert.equal((await world.kernel.events('evidence.migrated')).length, 3);
  });

  it('removes nothing when a copy is not what was received', async () => {
    const { id } = kept[1] as { id: string };
    const path = join(world.kernel.folder, 'objects-of-test', 'objects', id.slice(-2), id);
    const bytes = await readFile(path);
    bytes[50_000] = (bytes[50_000] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const done = await migrateEvidence(world.ctx, { to: here('other'), remove: true });
    assert.deepEqual([done.copied, done.verified, done.removed], [3, 2, 0]);
    assert.deepEqual(done.failed, [{ id, because: 'undecipherable' }]);
    assert.equal((await world.files()).length, 3);
  });

  it('refuses the place where the evidence lies', async () => {
    await assert.rejects(migrateEvidence(world.ctx, { to: here('objects-of-test'), remove: true }), /already/);
    await assert.rejects(migrateEvidence(world.ctx, { to: 'ftp://x/y', remove: true }), /EVIDENCE_URL/);
  });
});
