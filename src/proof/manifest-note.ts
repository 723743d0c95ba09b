import { fromBase64, toBase64 } from './bytes.js';
import { Fault } from './fault.js';

/** What the log's key signs about a manifest. */
export interface ManifestSum {
  readonly log: string;
  readonly caseId: string;
  /** RFC 3339, UTC. */
  readonly madeAt: string;
  /** Pieces of evidence, and events of custody, in it. */
  readonly evidence: number;
  readonly custody: number;
  /** SHA-256 of all that stands above the signature. */
  readonly digest: Uint8Array;
}

/** Its first line is never that of a checkpoint or a receipt, so that none can be passed off as another. */
const HEADER = 'firebreak/evidence-manifest/v1';

/** The line between what is signed and the signed note. */
export const SIGNATURE_LINE = '== 签名 / Signature (C2SP signed-note) ==\n';

export const manifestNoteText = ({ log, caseId, madeAt, evidence, custody, digest }: ManifestSum): string =>
  [HEADER, log, caseId, madeAt, `${evidence} ${custody}`, toBase64(digest), ''].join('\n');

/** @throws Fault `unreadable` */
export function parseManifestNote(text: string): ManifestSum {
  const [header, log = '', caseId = '', madeAt = '', counts = '', digest = '', ...rest] = text.split('\n');
  const [, evidence, custody] = /^(\d{1,15}) (\d{1,15})$/.exec(counts) ?? [];
  if (header !== HEADER || rest.join() !== '' || evidence === undefined)
    throw new Fault('unreadable', 'not the signature of a manifest');
  return { log, caseId, madeAt, evidence: Number(evidence), custody: Number(custody), digest: fromBase64(digest) };
}
