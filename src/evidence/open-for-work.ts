import type { Actor } from '../kernel/actor.js';
import { Problem } from '../kernel/problem.js';
import type { EvidenceContext } from './context.js';
import { failedExit, openOriginal } from './open-original.js';
import { readEvidenceById } from './store.js';
import { ObjectDamaged, type OpenedObject } from './vault.js';
import type { EvidenceDoc } from './words.js';

export interface OpenedForWork {
  readonly doc: EvidenceDoc;
  readonly caseNumber: string;
  readonly object: Pick<OpenedObject, 'size' | 'bytes' | 'giveBack'>;
  /** In any case: whoever never began to read has the object open all the same. */
  close(): void;
}

const UNREADABLE = new Set(['original_missing', 'original_damaged', 'original_erased', 'original_key_lost']);

/** Something is wrong with the bytes themselves: whoever must know was told, and asking again would tell them again. */
export const isUnreadable = (error: unknown): boolean => error instanceof Problem && UNREADABLE.has(error.code);

/**
 * Opens an original for a job of ours. Undefined when there is nothing to work on: no such evidence, or known to be broken.
 *
 * `bytes` raises the alarm before it throws on what is not what was received.
 * @throws what `isUnreadable` knows, and what may pass
 */
export async function readForWork(
  ctx: EvidenceContext,
  actor: Actor,
  evidenceId: string,
): Promise<OpenedForWork | undefined> {
  const doc = await readEvidenceById(ctx.db, evidenceId);
  if (doc?.original !== 'kept') return undefined;
  const caseNumber = await ctx.caseNumber(ctx.db, doc.caseId);
  const opened = await openOriginal(ctx, actor, caseNumber, doc);
  const raise = (error: ObjectDamaged) => failedExit(ctx, actor, caseNumber, doc, error);
  return {
    doc,
    caseNumber,
    object: { ...opened, bytes: alarming(opened, raise) },
    close: () => opened.close(),
  };
}

async function* alarming(
  opened: OpenedObject,
  raise: (error: ObjectDamaged) => Promise<Error>,
): AsyncGenerator<Buffer> {
  try {
    yield* opened.bytes;
  } catch (error) {
    throw error instanceof ObjectDamaged ? await raise(error) : error;
  }
}
