// Checking what the audit log proves, without the log: no network, no store, no configuration, and the same in Node and in
// browsers. In reading order: primitives, bytes, canonical -> merkle -> note, checkpoint, key-chain, receipt, tlog-proof ->
// bundle-lines, opening, table -> verify-bundle; manifest-lines, manifest-note -> verify-manifest.
export {
  BUNDLE_FORMAT,
  type BundleHeader,
  type EventLine,
  formatEnd,
  formatEvent,
  formatHeader,
  type OpeningLine,
  type Scope,
} from './bundle-lines.js';
export { concat, equal, fromBase64, textOf, toBase64, toHex, utf8 } from './bytes.js';
export { canonical } from './canonical.js';
export {
  type Checkpoint,
  checkpointText,
  readCheckpoint,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from './checkpoint.js';
export { FAULT_CODES, Fault, type FaultCode } from './fault.js';
export { followKeys, successionText } from './key-chain.js';
export { linesOf } from './lines.js';
export {
  formatManifestLine,
  MANIFEST_FORMAT,
  type ManifestCustody,
  type ManifestEvidence,
  type ManifestHeader,
} from './manifest-lines.js';
export { type ManifestSum, manifestNoteText, SIGNATURE_LINE } from './manifest-note.js';
export {
  Accumulator,
  emptyRoot,
  HASH_LENGTH,
  hashLeaf,
  hashNode,
  verifyConsistency,
  verifyInclusion,
} from './merkle.js';
export {
  cosignedBytes,
  formatKey,
  formatSignature,
  KEY_TYPES,
  keyOf,
  type Note,
  type NoteSignature,
  parseKey,
  parseNote,
  parseSignature,
  type VerifierKey,
  verifyNote,
} from './note.js';
export type { Digest, Primitives } from './primitives.js';
export { type Receipt, type ReceiptedEvent, receiptText, verifyReceipt } from './receipt.js';
export { tableHead, tableRow } from './table.js';
export { formatProof, parseProof, type TlogProof, verifyProof } from './tlog-proof.js';
export { type Known, type Proven, verifyBundle } from './verify-bundle.js';
export { type ProvenManifest, verifyManifest } from './verify-manifest.js';
