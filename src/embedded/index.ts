/** The embedded store's only way in. */
export { StoreLocked } from './folder-lock.js';
export { joinStore } from './join-store.js';
export type { Served } from './server.js';
export { type StoreOptions, startStore } from './start-store.js';
