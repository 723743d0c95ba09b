import type { Check, Finding } from '../kernel/check.js';
import { Fault, parseKey, type VerifierKey, verifyCheckpoint } from '../proof/index.js';
import { nodePrimitives } from '../proof/node.js';
import { noteOf } from './checkpoints.js';
import type { AuditContext } from './context.js';
import { checkpointOf, newestCheckpoint } from './log-store.js';
import { witnessId } from './outlets/tlog-witness.js';
import { AuditPublications, type PublicationRow } from './publish-checkpoints.js';

/** What was taken out of the house, against what is said here of it. That signatures hold is the part of `audit-log`. */
export const cosignatureCheck: Check<AuditContext> = {
  name: 'audit-witnesses',
  about: 'that what witnesses were given is still there, under their signatures, and that none of them refused the log',
  run: async function* ({ db, auditLog, config }) {
    const { all } = await auditLog.reloadKeys();
    const keys = await Promise.all(config.audit.witnesses.map(({ key }) => parseKey(nodePrimitives, key)));
    const witnesses = new Map(keys.map((key) => [witnessId(key.name), key]));
    const rows = AuditPublications(db).collection.find({}).sort({ _id: 1 });
    for await (const row of rows) {
      const { _id: id, size, refused } = row as unknown as PublicationRow;
      if (refused !== null) yield finding('audit-refused', id, `${id} refused the log: ${refused}`);
      if (size < 0) continue;
      const checkpoint = await checkpointOf(db, size);
      if (!checkpoint) {
        const newest = (await newestCheckpoint(db))?._id ?? 0;
        const what = size > newest ? `the log is signed up to ${newest}` : 'that checkpoint is gone';
        yield finding('audit-published', id, `${id} has the checkpoint of ${size} events; ${what}`);
        continue;
      }
      const witness = witnesses.get(id);
      if (witness && !(await isSignedBy(noteOf(checkpoint), all, witness)))
        yield finding('audit-cosignature', id, `checkpoint ${size} has lost the signature of ${id}`);
    }
  },
};

async function isSignedBy(note: string, own: readonly VerifierKey[], witness: VerifierKey): Promise<boolean> {
  try {
    const { signers } = await verifyCheckpoint(nodePrimitives, note, own, [witness]);
    return signers.some(({ key }) => key === witness);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return false;
  }
}

const finding = (kind: string, id: string, says: string): Finding => ({ kind, id, says });
