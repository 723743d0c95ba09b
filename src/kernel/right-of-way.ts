import type { ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * Who goes first on the one thread that answers: whoever only looks something up should not notice those whose request takes
 * long anyway, and who would not notice a few milliseconds more.
 */
export class RightOfWay {
  readonly #passing = new Set<ServerResponse>();
  readonly #waiting = new Set<() => void>();

  /** Goes first until its answer is out, or its caller gone. */
  take(response: ServerResponse): void {
    if (response.closed) return;
    this.#passing.add(response);
    response.once('close', () => {
      this.#passing.delete(response);
      if (this.#passing.size > 0) return;
      for (const go of this.#waiting) go();
    });
  }

  /** Resolves once nobody goes first any more, after `atMostMs` at the latest: a stream of others starves nobody. */
  async give(atMostMs: number): Promise<void> {
    await turn(); // who has come meanwhile is let in
    if (this.#passing.size === 0) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(late);
        this.#waiting.delete(go);
        resolve();
      };
      const late = setTimeout(go, atMostMs);
      this.#waiting.add(go);
    });
  }
}
