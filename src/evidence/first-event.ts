import type { EventEmitter } from 'node:events';

/**
 * Resolves at the first of these events. By hand: `once` with a signal to end it makes errors that nobody sees, and waiting for
 * readers they cost more than all else of a large download.
 */
export function firstEvent(of: EventEmitter, ...events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      for (const event of events) of.off(event, over);
      resolve();
    };
    for (const event of events) of.on(event, over);
  });
}
