import type { Text } from '../../kernel/locale.js';

/** What is to be done about a thing, the worst first. */
export const CHECK_STATES = ['danger', 'missing', 'weak', 'old', 'look', 'good'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** One thing that a customer's security hangs on. */
export interface CheckItem {
  /** Names the thing, not its state: the same line of the page goes from red to green. */
  readonly id: string;
  readonly state: CheckState;
  /** How much doing what it says helps, 0 to 100; 0 when there is nothing to do. Its order is the page's. */
  readonly gain: number;
  readonly title: Text;
  readonly advice: Text;
  /** Where on our own pages to do it; a path, for the page that shows it is ours too. */
  readonly link: string;
}

/** What there is to gain comes first; what is good stands behind, in its own order. */
export const inOrderOfGain = (items: readonly CheckItem[]): CheckItem[] => items.toSorted((a, b) => b.gain - a.gain);

export const good = (id: string, title: Text, advice: Text, link: string): CheckItem => ({
  id,
  state: 'good',
  gain: 0,
  title,
  advice,
  link,
});
