import { ApiProblem } from '../ground/problem.js';

/** How long to wait before each further try; the last one for all that follow. */
const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const;

interface Trying {
  readonly signal: AbortSignal;
  /** Told before each wait: how often it was tried, and why it did not work. */
  readonly onWait?: (tries: number) => void;
}

/** What a broken connection looks like, besides what the client itself calls passing. */
const passing = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.passing || error.code === 'upload_cut_off' || error.status === 502);

/**
 * Does `act` until it is answered: on a bad network trying again is the only way. `act` must be safe to send again.
 *
 * @throws whatever is not passing · DOMException `AbortError` when `signal` ends it
 */
export async function keepTrying<T>(act: () => Promise<T>, { signal, onWait }: Trying): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!passing(error) || signal.aborted) throw error;
      onWait?.(tries);
      await pause(WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? 0, signal);
    }
  }
}

/** Ends early when the machine is on a network again. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (how: () => void) => () => {
      clearTimeout(timer);
      window.removeEventListener('online', go);
      signal.removeEventListener('abort', stop);
      how();
    };
    const go = end(resolve);
    const stop = end(() => reject(new DOMException('stopped', 'AbortError')));
    const timer = setTimeout(go, ms);
    window.addEventListener('online', go);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
  });
}
