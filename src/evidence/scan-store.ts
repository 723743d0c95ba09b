import type { Db } from '../kernel/mongo.js';
import type { Tx } from '../kernel/transact.js';
import { Evidence } from './store.js';
import type { EvidenceDoc, Scanning, ScanState } from './words.js';

/** Whoever calls this records the audit event of the same act. */
export async function setScan(tx: Tx, evidenceId: string, scan: ScanState, scanning: Scanning): Promise<void> {
  const at = { _id: evidenceId as never };
  await Evidence(tx).collection.updateOne(at, { $set: { scan, scanning } }, { session: tx.session });
}

/** Whether any evidence waits because the scanner does not answer. */
export const isScanDelayed = async (tx: Tx): Promise<boolean> =>
  (await Evidence(tx).collection.findOne(
    { scan: 'pending', 'scanning.trouble': { $in: ['scanner-away', 'scanner-slow', 'scanner-nonsense'] } },
    { session: tx.session, projection: { _id: 1 } },
  )) !== null;

export interface DueForScan {
  readonly addedSince: Date;
  readonly scannedBefore: Date;
  readonly overlookedBefore: Date;
  readonly most: number;
}

/** Ids of evidence that a scanner should look at, whatever has no verdict first. */
export async function dueForScan(db: Db, due: DueForScan): Promise<readonly string[]> {
  const find = async (filter: object, most: number) =>
    (await Evidence(db)
      .collection.find({ original: 'kept', ...filter }, { projection: { _id: 1 } })
      .sort({ addedAt: 1 })
      .limit(most)
      .toArray()) as unknown as Pick<EvidenceDoc, '_id'>[];
  const overlooked = { $lte: due.overlookedBefore };
  const unjudged = await find({ scan: { $in: ['pending', 'not-scanned'] }, addedAt: overlooked }, due.most);
  const young = await find(
    {
      scan: { $in: ['clean', 'infected', 'failed'] },
      addedAt: { $gt: due.addedSince },
      'scanning.at': { $lte: due.scannedBefore },
    },
    due.most - unjudged.length,
  );
  return [...unjudged, ...young].map(({ _id }) => _id);
}
