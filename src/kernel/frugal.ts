import { setFlagsFromString } from 'node:v8';

/** How much the old generation grows before it is collected, in percent of what lived the last time. */
const FRUGAL = 50;
const AMPLE = 100;
/** Files that may pass at once before memory counts for more than their time. */
const FEW = 12;

let frugal = false;
let passing = 0;
let set: number | undefined;

/**
 * From now on collects the old generation once it has grown by half since the last time, rather than to a multiple: what a
 * request leaves behind is garbage soon, and the memory is the machine's. Call it when ready: until then everything stays, and
 * looking for garbage costs a tenth of the start. It also holds for threads. Three things cannot be set from inside:
 * `--max-semi-space-size=8` (MB) on the command line spares 30 MB; `--v8-pool-size=1` leaves V8 one helper, for its four would take both
 * cores of a small machine from the thread that answers; MALLOC_ARENA_MAX=2 in the environment spares 14 MB, which glibc would hold for
 * each thread apart.
 */
export function beFrugal(): void {
  frugal = true;
  setGrowth();
}

/**
 * Says that a file passes through this process. Its bytes count as growth, so collecting took longer than hashing and encrypting
 * them: while a few files pass, the heap may double.
 * @returns what to call when it has passed
 */
export function filePasses(): () => void {
  passing += 1;
  setGrowth();
  return () => {
    passing -= 1;
    setGrowth();
  };
}

function setGrowth(): void {
  const percent = passing > 0 && passing <= FEW ? AMPLE : FRUGAL;
  if (!frugal || percent === set) return;
  set = percent;
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
