import { DAY, SECOND } from '../kernel/clock.js';
import type { Tx } from '../kernel/transact.js';
import type { EvidenceContext } from './context.js';
import { evidenceProblem } from './problems.js';
import { addUp, countFiles, ofCase, ofPerson } from './store.js';

export interface Wanted {
  readonly files: number;
  readonly bytes: number;
  /** Bytes that the same person is already sending. */
  readonly underWay?: number;
}

/**
 * Keeps a case and a person within what one may hold and the other may send in 24 hours. Two uploads at once may pass the
 * limit by one of them: what is there is read, not counted. It is added up only when so many files could be too much, each as large
 * as one may be today.
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
  const { caseMaxFiles, caseMaxBytes, personMaxBytesPerDay, maxFileBytes, maxResumableBytes } = config.uploads;
  const largest = Math.max(maxFileBytes, maxResumableBytes);
  const held = await countFiles(tx, ofCase(caseId));
  if (held + files > caseMaxFiles) throw evidenceProblem('evidence_full', { extra: { maxFiles: caseMaxFiles } });
  if (held * largest + bytes > caseMaxBytes) {
    const there = await addUp(tx, ofCase(caseId));
    if (there.bytes + bytes > caseMaxBytes)
      throw evidenceProblem('case_bytes_full', { extra: { maxBytes: caseMaxBytes, bytes: there.bytes } });
  }
  if (tx.actor.kind !== 'person') return; // whoever is not signed in is held by the limits on reports
  const lately = ofPerson(tx.actor.id, new Date(tx.now.getTime() - DAY));
  if ((await countFiles(tx, lately)) * largest + underWay + bytes <= personMaxBytesPerDay) return;
  const sent = await addUp(tx, lately);
  if (sent.bytes + underWay + bytes <= personMaxBytesPerDay) return;
  const first = (sent.first ?? tx.now).getTime();
  const retryAfter = Math.max(1, Math.ceil((first + DAY - tx.now.getTime()) / SECOND));
  throw evidenceProblem('person_bytes_reached', {
    headers: { 'Retry-After': String(retryAfter) },
    extra: { maxBytes: personMaxBytesPerDay, bytes: sent.bytes + underWay, retryAfter },
  });
}
