export { type NewAccount, type SimulatorAdmin, simulatorAdmin } from './admin-client.js';
export { FAILURES, type Failure } from './failures.js';
export { DEFAULT_KEY_ID, type Simulator, type SimulatorOptions, startSimulator } from './start-simulator.js';
export * from './words.js';
