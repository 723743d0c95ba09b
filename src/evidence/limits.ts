import { DAY, SECOND } from '../kernel/clock.js';
import type { Tx } from '../kernel/transact.js';
import type { EvidenceContext } from './context.js';
import { evidenceProblem } from './problems.js';
import { sumOfCase, sumOfPerson } from './store.js';

export interface Wanted {
  readonly files: number;
  readonly bytes: number;
  /** Bytes that the same person is already sending. */
  readonly underWay?: number;
}

/**
 * Keeps a case and a person within what one may hold and the other may send in 24 hours. Two uploads at once may pass the
 * limit by one of them: the sums are read, not counted.
 *
 * @throws Problem `evidence_full` with `maxFiles` · `case_bytes_full` with `maxBytes` and `bytes` (there already) ·
 *         `person_bytes_reached` with `maxBytes`, `bytes` and `retryAfter` (seconds, until the earliest of them is a day old)
 */
export async function stayInLimits(
  tx: Tx,
  { config }: Pick<EvidenceContext, 'config'>,
  caseId: string,
  { files, bytes, underWay = 0 }: Wanted,
): Promise<void> {
  const { caseMaxFiles, caseMaxBytes, personMaxBytesPerDay } = config.uploads;
  const held = await sumOfCase(tx, caseId);
  if (held.files + files > caseMaxFiles) throw evidenceProblem('evidence_full', { extra: { maxFiles: caseMaxFiles } });
  if (held.bytes + bytes > caseMaxBytes)
    throw evidenceProblem('case_bytes_full', { extra: { maxBytes: caseMaxBytes, bytes: held.bytes } });
  if (tx.actor.kind !== 'person') return; // whoever is not signed in is held by the limits on reports
  const since = new Date(tx.now.getTime() - DAY);
  const sent = await sumOfPerson(tx, tx.actor.id, since);
  if (sent.bytes + underWay + bytes <= personMaxBytesPerDay) return;
  const first = (sent.first ?? tx.now).getTime();
  const retryAfter = Math.max(1, Math.ceil((first + DAY - tx.now.getTime()) / SECOND));
  throw evidenceProblem('person_bytes_reached', {
    headers: { 'Retry-After': String(retryAfter) },
    extra: { maxBytes: personMaxBytesPerDay, bytes: sent.bytes + underWay, retryAfter },
  });
}
