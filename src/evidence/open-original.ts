import type { Actor } from '../kernel/actor.js';
import type { EvidenceContext } from './context.js';
import type { Failure } from './events.js';
import { KeyLost } from './master-keys.js';
import { ObjectMissing } from './object-store.js';
import { readObject } from './objects.js';
import { evidenceProblem } from './problems.js';
import { raiseAlarm } from './raise-alarm.js';
import { ObjectDamaged, ObjectErased, type OpenedObject } from './vault.js';
import type { EvidenceDoc } from './words.js';

/**
 * Opens the original of a piece of evidence; every exit of bytes goes through here.
 *
 * `bytes` throws `ObjectDamaged` before its last chunk when the whole is not what was received: then call `failedExit`.
 * @throws Problem `original_missing` and `original_damaged` (staff were alarmed) · `original_key_lost` · `original_erased`
 * What it finds broken is audited as `evidence.integrity-failed`.
 */
export async function openOriginal(
  ctx: EvidenceContext,
  actor: Actor,
  caseNumber: string,
  doc: EvidenceDoc,
): Promise<OpenedObject> {
  try {
    const object = await readObject(ctx.db, doc.objectId);
    if (!object) throw new ObjectMissing(doc.objectId);
    return await ctx.vault.open(object);
  } catch (cause) {
    if (cause instanceof ObjectErased) throw evidenceProblem('original_erased', { cause });
    if (cause instanceof KeyLost) {
      ctx.logger.error('a master key of evidence is not here', { masterKeyId: cause.masterKeyId, evidenceId: doc._id });
      throw evidenceProblem('original_key_lost', { cause });
    }
    if (cause instanceof ObjectMissing) {
      await raiseAlarm(ctx, actor, caseNumber, doc, { because: 'missing', found: null });
      throw evidenceProblem('original_missing', { cause });
    }
    if (cause instanceof ObjectDamaged) throw await failedExit(ctx, actor, caseNumber, doc, cause);
    throw cause;
  }
}

/** Raises the alarm for bytes that turned out to be others while they were read. @returns what the caller is told */
export async function failedExit(
  ctx: EvidenceContext,
  actor: Actor,
  caseNumber: string,
  doc: EvidenceDoc,
  cause: ObjectDamaged,
): Promise<Error> {
  await raiseAlarm(ctx, actor, caseNumber, doc, failureOf(cause));
  return evidenceProblem('original_damaged', { cause });
}

export const failureOf = ({ found }: ObjectDamaged): Failure =>
  found === undefined ? { because: 'undecipherable', found: null } : { because: 'other-bytes', found };
