import { refuse } from './regex-sets.js';

/** A group that is open. */
interface Group {
  /** Where its own capture, if any, and those in it begin among all captures. */
  readonly first: number;
  readonly inner: number;
  /** Whether what is captured in it need not be there after it. */
  unsure: boolean;
}

/**
 * Which groups have surely captured something. What a group without a capture holds is to JavaScript the empty text, to PCRE2 a text that
 * equals none; and what a repeated one holds after its last turn is not the same either.
 */
export class Captures {
  readonly #open: Group[] = [];
  readonly #sure: boolean[] = [];
  readonly #capturing = new Set<number>();
  readonly #names = new Map<string, number>();
  #ended: Group | undefined;

  get count(): number {
    return this.#sure.length;
  }

  get isBalanced(): boolean {
    return this.#open.length === 0;
  }

  open(unsure = false): void {
    this.#open.push({ first: this.count, inner: this.count, unsure });
  }

  openCapture(name?: string): void {
    this.#open.push({ first: this.count, inner: this.count + 1, unsure: false });
    this.#capturing.add(this.count);
    this.#sure.push(true);
    if (name !== undefined) this.#names.set(name, this.count);
  }

  alternative(): void {
    const group = this.#open.at(-1);
    if (group) group.unsure = true;
    this.#doubt(group?.inner ?? 0);
  }

  /** @throws Error when none is open */
  close(): void {
    const group = this.#open.pop();
    if (!group) throw new Error('a group is not opened');
    if (group.unsure) this.#doubt(group.inner);
    this.#capturing.delete(group.first);
    this.#ended = group;
  }

  /** Something else has followed the group that ended last. */
  goOn(): void {
    this.#ended = undefined;
  }

  /** What came last is repeated. */
  repeat(): void {
    if (this.#ended) this.#doubt(this.#ended.first);
  }

  numberOf(name: string): number | undefined {
    return this.#names.get(name);
  }

  /** A reference to a group. @throws CommandError 238 unless it has surely captured something · Error where there is none of that name */
  reference(group: number | undefined): string {
    if (group === undefined) throw new Error('no such group');
    if (!this.#sure[group - 1] || this.#capturing.has(group - 1))
      throw refuse('a reference to a group that may have captured nothing');
    return `(?:\\${group})`;
  }

  #doubt(from: number): void {
    this.#sure.fill(false, from);
  }
}
