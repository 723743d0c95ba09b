import { systemActor } from '../kernel/actor.js';
import type { Kernel } from '../kernel/route.js';
import { erasureFinished, openingsErased } from './erasure-events.js';
import {
  advanceErasure,
  erasureDigest,
  erasureLine,
  findErasure,
  type Opened,
  openedEvents,
  takeOpenings,
} from './erasure-store.js';
import { heldCases, subjectOf } from './erasure-subject.js';
import { type ErasureDoc, openingsOfSubject, type Subject } from './erasure-words.js';

interface Found {
  readonly id: string;
  readonly caseId: string | undefined;
  readonly fields: readonly string[];
}

/**
 * Carries out an erasure: again from the beginning until nothing is left, so that a run that was killed is simply run again.
 *
 * Events, leaves and tiles stay as they are; what can no longer be opened is the salted hash in the event. Openings of cases under legal
 * hold are kept, and counted.
 * @throws Error when another run is at it (try again later)
 * Audited as `erasure.openings-erased`, once a batch, and `erasure.finished`.
 */
export async function eraseOpenings(ctx: Pick<Kernel, 'db' | 'transact'>, id: string, jobId: string): Promise<void> {
  const ordered = await findErasure(ctx.db, id);
  if (!ordered || ordered.doneAt) return;
  const subject = await subjectOf(ctx.db, ordered.personId);
  let doc = ordered; // as this run left it: whoever finds another state is not alone
  let kept: number;
  let erased: number;
  do {
    kept = 0;
    erased = 0;
    for await (const piece of openedEvents(ctx.db)) {
      const found = foundIn(piece, subject, ordered.askedAt);
      const held = await heldCases(
        ctx.db,
        found.flatMap(({ caseId }) => caseId ?? []),
      );
      const isHeld = ({ caseId }: Found) => caseId !== undefined && held.has(caseId);
      kept += countOf(found.filter(isHeld));
      const free = found.filter((one) => !isHeld(one));
      if (free.length === 0) continue;
      doc = await eraseBatch(ctx, doc, jobId, free);
      erased += free.length;
    }
  } while (erased > 0);
  await ctx.transact(systemActor('worker', jobId), async (tx) => {
    if (!(await advanceErasure(tx, doc, { kept, doneAt: tx.now }))) throw new Error('another run erases');
    tx.record(erasureFinished(doc, kept));
  });
}

const countOf = (found: readonly Found[]): number => found.reduce((sum, { fields }) => sum + fields.length, 0);

const foundIn = (piece: readonly Opened[], subject: Subject, until: Date): Found[] =>
  piece.flatMap(({ id, event, openings }) => {
    if (Date.parse(event.at) > until.getTime()) return [];
    const fields = openingsOfSubject(event, openings, subject).map(({ field }) => field);
    return fields.length > 0 ? [{ id, caseId: event.caseId, fields: fields.toSorted() }] : [];
  });

async function eraseBatch(
  { transact }: Pick<Kernel, 'transact'>,
  doc: ErasureDoc,
  jobId: string,
  found: readonly Found[],
): Promise<ErasureDoc> {
  const openings = countOf(found);
  const digest = erasureDigest(found.map(({ id, fields }) => erasureLine(id, fields)));
  const change = { batches: doc.batches + 1, erased: doc.erased + openings };
  await transact(systemActor('worker', jobId), async (tx) => {
    if (!(await advanceErasure(tx, doc, change))) throw new Error('another run erases');
    for (const { id, fields } of found)
      await takeOpenings(tx, id, fields, { fields, at: tx.now, erasure: doc._id, batch: change.batches });
    tx.record(openingsErased(doc, change.batches, openings, digest));
  });
  return { ...doc, ...change };
}
