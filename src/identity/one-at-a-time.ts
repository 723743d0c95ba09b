/** Runs what shares a key one after another in this process; between processes the transaction decides. */
export type OneAtATime = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Guesses that arrive together would all be checked before the first failure is counted; in a queue each one meets the
 * count that the one before left.
 */
export function makeOneAtATime(): OneAtATime {
  const tails = new Map<string, Promise<void>>();
  return async (key, work) => {
    const before = tails.get(key);
    const result = before ? before.then(work) : work();
    const tail = result.then(
      () => undefined,
      () => undefined,
    );
    tails.set(key, tail);
    try {
      return await result;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}
