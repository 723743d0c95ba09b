import type { Connection } from 'mongoose';
import { DAY, SECOND } from '../kernel/clock.js';
import type { Tx } from '../kernel/transact.js';
import type { EvidenceContext } from './context.js';
import { evidenceProblem } from './problems.js';
import { type Sum, sumOfCase, sumOfPerson } from './store.js';
import { Sums } from './sums.js';

export interface Wanted {
  readonly files: number;
  readonly bytes: number;
  /** Bytes that the same person is already sending. */
  readonly underWay?: number;
}

/**
 * Keeps a case and a person within what one may hold and the other may send in 24 hours. Uploads of the same moment may pass the
 * limit by some of them: the sums are read, not counted.
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
  const sums = remembered.get(tx.connection) ?? new Sums<Sum>();
  remembered.set(tx.connection, sums);
  const inCase = () => sumOfCase(tx, caseId);
  await sums.add(caseId, { files, bytes }, inCase, (held) => {
    if (held.files + files > caseMaxFiles)
      return evidenceProblem('evidence_full', { extra: { maxFiles: caseMaxFiles } });
    if (held.bytes + bytes <= caseMaxBytes) return undefined;
    return evidenceProblem('case_bytes_full', { extra: { maxBytes: caseMaxBytes, bytes: held.bytes } });
  });
  if (tx.actor.kind !== 'person') return; // whoever is not signed in is held by the limits on reports
  const { id } = tx.actor;
  const now = tx.now.getTime();
  const inDay = () => sumOfPerson(tx, id, new Date(now - DAY));
  await sums.add(id, { files, bytes }, inDay, (sent) => {
    if (sent.bytes + underWay + bytes <= personMaxBytesPerDay) return undefined;
    const retryAfter = Math.max(1, Math.ceil(((sent.first?.getTime() ?? now) + DAY - now) / SECOND));
    return evidenceProblem('person_bytes_reached', {
      headers: { 'Retry-After': String(retryAfter) },
      extra: { maxBytes: personMaxBytesPerDay, bytes: sent.bytes + underWay, retryAfter },
    });
  });
}

const remembered = new WeakMap<Connection, Sums<Sum>>();
