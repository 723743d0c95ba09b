import { setFlagsFromString } from 'node:v8';

/**
 * Collects the old generation once it has grown by a third since the last time, rather than to a multiple: what a request
 * leaves behind is garbage soon, and the memory is the machine's. Import it first; it also holds for threads.
 */
setFlagsFromString('--heap-growing-percent=33');
