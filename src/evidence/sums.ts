/** Files and their bytes. */
export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

interface Known<S extends Amount> {
  readonly read: Promise<S>;
  /** What was let through since it was asked for. */
  added: Amount;
  until: number;
}

const HOLDS_MS = 1_000;
/** Who has so many files that it takes long to add them up waits for it once in so many times that long. */
const HOLDS_TIMES = 100;

/**
 * Sums that only grow, so that not every file has all earlier ones added up. What was read holds for a second, or for a hundred
 * times as long as reading it took, with all that came through this process since; what came through others is seen when it is read again.
 */
export class Sums<S extends Amount> {
  readonly #known = new Map<string, Known<S>>();

  /**
   * Adds to a sum unless `refuse` objects. What is remembered may hold what was not committed in the end, so it refuses nobody
   * before the sum was read anew.
   * @throws what `refuse` returns · what `read` throws
   */
  async add(
    about: string,
    amount: Amount,
    read: () => Promise<S>,
    refuse: (sum: S) => Error | undefined,
  ): Promise<void> {
    for (const [each, { until }] of this.#known) if (until < performance.now()) this.#known.delete(each);
    let known = this.#known.get(about);
    if (!known || refuse(grown(await known.read, known.added))) {
      known = this.#begin(about, read);
      const refused = refuse(await known.read);
      if (refused) throw refused;
    }
    known.added = grown(known.added, amount);
  }

  #begin(about: string, read: () => Promise<S>): Known<S> {
    const began = performance.now();
    const known: Known<S> = { read: read(), added: { files: 0, bytes: 0 }, until: Number.POSITIVE_INFINITY };
    this.#known.set(about, known);
    known.read.then(
      () => {
        const took = performance.now() - began;
        known.until = began + took + Math.max(HOLDS_MS, took * HOLDS_TIMES);
      },
      () => {
        known.until = began;
      },
    );
    return known;
  }
}

const grown = <T extends Amount>(sum: T, { files, bytes }: Amount): T => ({
  ...sum,
  files: sum.files + files,
  bytes: sum.bytes + bytes,
});
