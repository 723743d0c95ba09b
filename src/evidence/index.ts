// Evidence, in reading order: words -> policy -> problems -> schema -> store -> events -> file-name, inspect-text,
// inspect-content -> object-store, local-objects -> intake, upload-limits, receive-files, keep-files, uploads ->
// add-evidence, add-to-case, list-evidence, send-verified, download-evidence, raise-alarm, read-custody -> view ->
// write-manifest, make-manifest -> jobs -> routes.
export { addEvidence } from './add-evidence.js';
export { evidenceChecks } from './checks.js';
export { clamd } from './clamd.js';
export type { EvidenceContext } from './context.js';
export { derivativeJobs, rescanTask } from './derivative-jobs.js';
export { eraseEvidence } from './erase-evidence.js';
export { holdEvidence } from './hold-evidence.js';
export type { ReceivedFile } from './intake.js';
export { evidenceJobs, evidenceTasks } from './jobs.js';
export { listEvidence } from './list-evidence.js';
export { manifestCommand } from './make-manifest.js';
export { migrateEvidence } from './migrate-evidence.js';
export type { ObjectStore } from './object-store.js';
export { makeVault, openObjects } from './open-vault.js';
export type { CaseAccess, CaseGrant, CaseNumber } from './policy.js';
export { makePreviewer, type Previewer } from './previewer.js';
export { UPLOAD_PROBLEMS } from './problems.js';
export { FILES_FIELD } from './receive-files.js';
export { rotateKeysCommand } from './rotate-keys.js';
export { evidenceRoutes } from './routes.js';
export type { Scanner } from './scanner.js';
export { evidenceList } from './schema.js';
export { scratchFile } from './scratch-file.js';
export { casesHoldingEvidence, evidenceOfCase } from './store.js';
export { keepUpload, receiveUpload } from './uploads.js';
export type { Vault } from './vault.js';
export { evidenceView } from './view.js';
export type { EvidenceDoc } from './words.js';
