import { casesHoldingEvidence, eraseEvidence } from '../evidence/index.js';
import { systemActor } from '../kernel/actor.js';
import { newId } from '../kernel/ids.js';
import type { CaseContext } from './context.js';
import { evidenceExpired, historyEntry } from './events.js';
import { isExpired, keptUntil } from './retention.js';
import { casesById, readCase, saveCase } from './store.js';

type ExpiryContext = Pick<CaseContext, 'db' | 'config' | 'clock' | 'transact'>;

/** Cases that are looked up together. */
const BATCH = 500;
/** Pieces of evidence that one transaction erases. */
const PIECES = 100;

/**
 * Erases the evidence of every case whose time is over: its bytes, what was made of them, and the keys of both. Hash, name and
 * custody stay.
 *
 * @returns how many pieces were erased
 * Audited as `evidence.expired`, once a transaction, besides `evidence.erased` for each piece.
 */
export async function expireEvidence(ctx: ExpiryContext): Promise<number> {
  let erased = 0;
  let batch: string[] = [];
  const expire = async () => {
    for (const doc of await casesById(ctx.db, batch))
      if (isExpired(doc, ctx.config, ctx.clock.now())) erased += await expireCase(ctx, doc._id);
    batch = [];
  };
  for await (const caseId of casesHoldingEvidence(ctx.db)) {
    batch.push(caseId);
    if (batch.length >= BATCH) await expire();
  }
  await expire();
  return erased;
}

/** Nothing to do, which is no act and must not commit as one. */
class NothingLeft extends Error {}

/** The case is read and written with each part of its evidence, so that whoever sets a legal hold comes before or after. */
async function expireCase(ctx: ExpiryContext, caseId: string): Promise<number> {
  const actor = systemActor('retention', newId('retention'));
  for (let total = 0; ; ) {
    const erased = await ctx
      .transact(actor, async (tx) => {
        const doc = await readCase(tx, caseId);
        const until = keptUntil(doc, ctx.config);
        if (until === null || !isExpired(doc, ctx.config, tx.now)) throw new NothingLeft();
        const docs = await eraseEvidence(tx, caseId, `kept until ${until.toISOString()}`, PIECES);
        if (docs.length === 0) throw new NothingLeft();
        await saveCase(tx, doc, doc, historyEntry(tx.now, tx.actor, 'evidence.expired', doc.state, doc.state));
        tx.record(evidenceExpired(doc, until, docs.length));
        return docs.length;
      })
      .catch((error: unknown) => {
        if (error instanceof NothingLeft) return 0;
        throw error;
      });
    if (erased === 0) return total;
    total += erased;
  }
}
