import { type Db, isDuplicate } from '../kernel/mongo.js';
import { type Checkpoint, checkpointText, equal, Fault, verifyCheckpoint, verifyConsistency } from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';
import type { LogKeys } from './log-keys.js';
import { AuditCheckpoints, AuditLogs, type CheckpointRow, newestCheckpoint } from './log-store.js';
import { type Fence, Fenced } from './sequence-batch.js';
import { LogDamaged } from './tiles.js';
import { type Tree, treeOf } from './tree.js';

/**
 * Signs the log at `size`, once it was shown to continue what was signed before: by the newest checkpoint that is stored, and by
 * the last one that this process signed itself, which nobody who writes to the store can take back.
 *
 * @returns what was signed; the one that is there already, when there is nothing new
 * @throws LogDamaged: nothing is signed any more until somebody has looked · Fenced
 */
export async function signCheckpoint(
  db: Db,
  keys: LogKeys,
  fence: Fence,
  { size, remembered, now }: { size: number; remembered: Checkpoint | undefined; now: Date },
): Promise<Checkpoint> {
  const stored = await newestCheckpoint(db);
  const tree = treeOf(db);
  const root = await tree.root(size);
  const next: Checkpoint = { origin: keys.origin, size, root };
  if (stored) await requireContinuation(tree, await readOwn(keys, stored), next);
  if (remembered) await requireContinuation(tree, remembered, next);
  if (stored?._id !== size) await keep(db, { ...next, note: keys.signNote(checkpointText(next)), at: now });
  const noted = await AuditLogs(db).collection.updateOne(
    { _id: 'log' as never, holder: fence.holder, epoch: fence.epoch, size },
    { $set: { signed: size }, $inc: { beat: 1 } },
  );
  if (noted.matchedCount !== 1) throw new Fenced('the log was taken over');
  return next;
}

async function readOwn(keys: LogKeys, { note, _id }: CheckpointRow): Promise<Checkpoint> {
  try {
    const checkpoint = await verifyCheckpoint(nodePrimitives, note, keys.all);
    if (checkpoint.origin === keys.origin && checkpoint.size === Number(_id)) return checkpoint;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
  throw new LogDamaged(`checkpoint ${String(_id)} is not one that this log signed`);
}

async function requireContinuation(tree: Tree, before: Checkpoint, next: Checkpoint): Promise<void> {
  if (before.size > next.size)
    throw new LogDamaged(`the log was signed at ${before.size} events and has ${next.size} now`);
  const holds = await verifyConsistency(nodePrimitives, {
    first: before.size,
    second: next.size,
    firstRoot: before.root,
    secondRoot: next.root,
    proof: await tree.consistency(before.size, next.size),
  });
  if (!holds) throw new LogDamaged(`the log at ${next.size} does not continue what was signed at ${before.size}`);
}

/** One size, one root: whoever was fenced off between two steps signs what its successor would. */
async function keep(db: Db, { size, root, note, at }: Checkpoint & { note: string; at: Date }): Promise<void> {
  const row = { _id: size, root: Buffer.from(root), note, at, cosignatures: [] };
  try {
    await AuditCheckpoints(db).collection.insertOne(row as never);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    const there = await AuditCheckpoints(db).collection.findOne({ _id: size as never }, { promoteBuffers: true });
    if (!(there?.['root'] instanceof Uint8Array) || !equal(there['root'], root))
      throw new LogDamaged(`size ${size} was signed with another root`);
  }
}
