// A witness of audit logs, in reading order: words -> add-checkpoint -> folder-memory -> start-witness.
export { SIZE_TYPE } from './add-checkpoint.js';
export { startWitness, type Witness, type WitnessOptions } from './start-witness.js';
