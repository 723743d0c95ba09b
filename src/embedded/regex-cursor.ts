/** A place in a pattern. */
export class Cursor {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#pattern.length;
  }

  /** One character. @throws Error at the end */
  next(): string {
    const point = this.#pattern.codePointAt(this.#at);
    if (point === undefined) throw new Error('it ends too early');
    const character = String.fromCodePoint(point);
    this.#at += character.length;
    return character;
  }

  /** What `expected`, a sticky one, finds here; the place stays. */
  sees(expected: RegExp): RegExpExecArray | undefined {
    expected.lastIndex = this.#at;
    return expected.exec(this.#pattern) ?? undefined;
  }

  /** The same, and goes past it. */
  take(expected: RegExp): RegExpExecArray | undefined {
    const found = this.sees(expected);
    if (found) this.#at += found[0].length;
    return found;
  }
}
