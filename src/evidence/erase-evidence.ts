import type { Tx } from '../kernel/transact.js';
import { forgetDerivatives } from './derivatives.js';
import { evidenceErased } from './events.js';
import { shredKey } from './objects.js';
import { evidenceOfCaseIn, insertCustody, setOriginal } from './store.js';
import type { EvidenceDoc } from './words.js';

/**
 * Erases the bytes of a case's evidence: deletes their data keys, so that nobody can read them again, and has what lies in the
 * store removed; so it goes with what was made of them, previews, redactions, facts. Hashes, names and custody stay.
 *
 * Whoever calls this has seen that no legal hold stands: hold wins over everything.
 * @param most  about so many pieces at once; whoever wants all of a large case calls it until nothing is left
 * @returns the evidence that was erased
 * Audited as `evidence.erased`, once a piece.
 */
export async function eraseEvidence(
  tx: Tx,
  caseId: string,
  reason: string,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly EvidenceDoc[]> {
  const left = (await evidenceOfCaseIn(tx, caseId)).filter(({ original }) => original !== 'erased');
  const objects = new Set(left.slice(0, most).map(({ objectId }) => objectId));
  const docs = left.filter(({ objectId }) => objects.has(objectId)); // whatever stands on an object goes with it
  const made: string[] = [];
  for (const doc of docs) made.push(...(await forgetDerivatives(tx, doc._id)));
  for (const objectId of new Set([...docs.map((doc) => doc.objectId), ...made])) {
    await shredKey(tx, objectId);
    await setOriginal(tx, objectId, 'erased');
    tx.enqueue({ name: 'remove-object', payload: { objectId } });
  }
  if (docs.length > 0) insertCustody(tx, docs, 'erased', reason);
  for (const doc of docs) tx.record(evidenceErased(doc, reason));
  return docs;
}
