import { createHash } from 'node:crypto';
import type { LogKeys } from '../audit/index.js';
import type { Actor } from '../kernel/actor.js';
import type { Db } from '../kernel/mongo.js';
import {
  formatKey,
  formatManifestLine,
  MANIFEST_FORMAT,
  type ManifestEvidence,
  manifestNoteText,
  SIGNATURE_LINE,
} from '../proof/index.js';
import { objectsById } from './objects.js';
import { custodyOf } from './store.js';
import { custodyView } from './view.js';
import type { EvidenceDoc, Handler, ObjectDoc } from './words.js';

export interface ManifestRequest {
  readonly caseId: string;
  readonly caseNumber: string;
  readonly docs: readonly EvidenceDoc[];
  readonly keys: LogKeys;
  readonly by: Pick<Actor, 'kind' | 'id'>;
  /** What was done later is not in it. */
  readonly at: Date;
  readonly reason: string;
}

/** Custody events that stand as one table. */
const TABLE = 500;
/** Pieces of evidence that are looked up together. */
const BATCH = 200;

/**
 * Writes the manifest of a case, piece by piece: every piece of evidence with its hash and its custody, for people and for
 * machines, and the signature of the log over all of it.
 */
export async function* manifestOf(db: Db, request: ManifestRequest): AsyncGenerator<string> {
  const { caseId, caseNumber, docs, keys, by, at, reason } = request;
  const digest = createHash('sha256');
  const written = (text: string): string => {
    digest.update(text);
    return text;
  };
  const header = {
    format: MANIFEST_FORMAT,
    caseId,
    caseNumber,
    madeAt: at.toISOString(),
    madeBy: handlerView(by),
    reason,
    log: keys.origin,
    keys: keys.all.map(formatKey),
    successions: keys.successions,
  };
  yield written(formatManifestLine({ header }));
  let [number, custody] = [0, 0];
  for (let start = 0; start < docs.length; start += BATCH) {
    const batch = docs.slice(start, start + BATCH);
    const objects = await objectsById(
      db,
      batch.map(({ objectId }) => objectId),
    );
    for (const doc of batch) {
      number += 1;
      const evidence = manifestView(doc, objects.get(doc.objectId));
      yield written(formatManifestLine({ evidence, number }));
      const events = (await custodyOf(db, doc._id)).filter((event) => event.at <= at).map(custodyView);
      custody += events.length;
      for (let first = 0; first < events.length; first += TABLE)
        yield written(
          formatManifestLine({ custody: events.slice(first, first + TABLE), evidenceId: evidence.evidenceId }),
        );
    }
  }
  const sum = { log: keys.origin, caseId, madeAt: header.madeAt, evidence: number, custody, digest: digest.digest() };
  yield SIGNATURE_LINE + keys.signReceipt(manifestNoteText(sum));
}

const handlerView = ({ kind, id }: Pick<Handler, 'kind' | 'id'>) => ({ kind, id });

const manifestView = (doc: EvidenceDoc, object: ObjectDoc | undefined): ManifestEvidence => ({
  evidenceId: doc._id,
  name: doc.name,
  size: doc.size,
  sha256: doc.sha256,
  type: doc.type,
  declaredType: doc.declaredType ?? null,
  addedAt: doc.addedAt.toISOString(),
  addedBy: handlerView(doc.addedBy),
  scan: doc.scan,
  scannedAt: doc.scanning?.at?.toISOString() ?? null,
  original: doc.original,
  readThroughAt: doc.original === 'kept' ? (object?.checkedAt.toISOString() ?? null) : null,
});
