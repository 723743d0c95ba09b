import type { Call, Scope } from './words.js';

export const FAILURES = [
  'slow',
  'timeout_before_commit',
  'timeout_after_commit',
  'error_500',
  'error_500_after_commit',
  'drop',
  'drop_after_commit',
  'partial',
] as const;

/** One switch. `slow` waits `ms` and then works; `partial` fails `scopes` and does the rest; the others say it in their name. */
export interface Failure {
  fail: (typeof FAILURES)[number];
  ms?: number;
  scopes?: Scope[];
  /** Calls it is aimed at; all when absent. */
  on?: Call[];
  /** How many calls it hits; until reset when absent. */
  times?: number;
}

export interface Failures {
  set(list: readonly Failure[]): void;
  list(): Failure[];
  /** The first switch that is aimed at this call; used up by one. */
  next(call: Call): Failure | undefined;
}

export function failureSwitches(): Failures {
  let switches: Failure[] = [];
  return {
    set: (list) => {
      switches = list.map((one) => ({ ...one }));
    },
    list: () => switches.map((one) => ({ ...one })),
    next: (call) => {
      const hit = switches.find((one) => !one.on || one.on.includes(call));
      if (hit?.times !== undefined) {
        hit.times -= 1;
        if (hit.times === 0) switches = switches.filter((one) => one !== hit);
      }
      return hit && { ...hit };
    },
  };
}
