import { kernelProblem } from '../kernel/problem.js';

/** Runs work in the order it came, a bounded number side by side. @throws Problem `unavailable` when too much waits already */
export type FewAtATime = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * For work that takes a core for itself: more of it side by side would only take the cores from the requests that wait for
 * nothing. What waits is bounded too, for an answer after a minute is no answer.
 *
 * @param atOnce      side by side
 * @param mostWaiting further ones are refused, saying when to try again
 */
export function makeFewAtATime(atOnce: number, mostWaiting: number): FewAtATime {
  const waiting: (() => void)[] = [];
  let running = 0;
  const enter = (): Promise<void> | undefined => {
    if (running < atOnce) {
      running += 1;
      return undefined;
    }
    if (waiting.length >= mostWaiting) throw kernelProblem('unavailable', { headers: { 'Retry-After': '5' } });
    return new Promise((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
