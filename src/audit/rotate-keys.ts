import { systemActor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import { formatKey } from '../proof/index.js';
import type { AuditContext } from './context.js';
import { keyRetired, keyRotated } from './export-events.js';
import { AuditKeys, type KeyRow, makeKey, readKeyRows } from './log-keys.js';

export interface KeyState {
  readonly key: string;
  readonly createdAt: Date;
  readonly retiredAt: Date | null;
  /** Signs receipts and, with those that are not retired, checkpoints. */
  readonly newest: boolean;
}

export async function listLogKeys(ctx: AuditContext): Promise<KeyState[]> {
  const rows = await ownRows(ctx);
  return rows.map(({ key, createdAt, retiredAt }, n) => ({ key, createdAt, retiredAt, newest: n === rows.length - 1 }));
}

/**
 * Makes the next key of the log, named by the one before. Checkpoints carry the signatures of both until the older one is
 * retired, so that whoever knows only that can still follow. Running processes take it up within half a minute.
 *
 * @returns the new public key, to be given to everybody who checks
 * Audited as `audit.key-rotated`.
 */
export async function rotateLogKey(ctx: AuditContext): Promise<string> {
  const keys = await ctx.auditLog.reloadKeys();
  if (!keys.canSign)
    throw new Error('this command cannot sign for the log: it needs the ROOT_KEY of the running system');
  const made = await makeKey(
    ctx.secrets.auditKey,
    keys.origin,
    ((await readKeyRows(ctx.db)).at(-1)?._id ?? 0) + 1,
    ctx.clock.now(),
    keys,
  );
  const before = keys.all.at(-1);
  await ctx.transact(systemActor('cli', newId('cli')), async (tx) => {
    await AuditKeys(tx).collection.insertOne(made.row as never, { session: tx.session });
    tx.record(keyRotated(before ? formatKey(before) : '', made.key));
  });
  await ctx.auditLog.reloadKeys();
  return made.key;
}

/**
 * Ends signing with an older key, named by its id of eight hexadecimal digits. What it signed stays valid.
 *
 * @throws Error when there is no such key, or it is the newest
 * Audited as `audit.key-retired`.
 */
export async function retireLogKey(ctx: AuditContext, id: string): Promise<string> {
  const rows = await ownRows(ctx);
  const row = rows.find(({ key }) => key.split('+')[1] === id);
  if (!row) throw new Error(`the log has no key ${id}`);
  if (row === rows.at(-1)) throw new Error('the newest key signs; rotate first');
  await ctx.transact(systemActor('cli', newId('cli')), async (tx) => {
    await AuditKeys(tx).collection.updateOne(
      { _id: row._id as never },
      { $set: { retiredAt: tx.now } },
      { session: tx.session },
    );
    tx.record(keyRetired(row.key));
  });
  await ctx.auditLog.reloadKeys();
  return row.key;
}

/** Without those that somebody else put there; `firebreak fsck` names them. */
async function ownRows({ db, auditLog }: AuditContext): Promise<KeyRow[]> {
  const { strays } = await auditLog.reloadKeys();
  return (await readKeyRows(db)).filter(({ _id }) => !strays.includes(Number(_id)));
}
