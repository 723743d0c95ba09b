/**
 * Pieces of memory of one size that are used again. Memory that is new has to be cleared by the system first, and a heap that
 * lets go of a megabyte with each file is searched for garbage all the time.
 */
export class Spare {
  readonly #bytes: number;
  readonly #most: number;
  readonly #pieces: ArrayBuffer[] = [];

  constructor(bytes: number, most: number) {
    this.#bytes = bytes;
    this.#most = most;
  }

  /** Undefined when there is none. */
  take(): Buffer | undefined {
    const piece = this.#pieces.pop();
    return piece && Buffer.from(piece);
  }

  /** For what nothing reads any more. */
  giveBack({ buffer }: Pick<Uint8Array, 'buffer'>): void {
    if (buffer.byteLength === this.#bytes && this.#pieces.length < this.#most) this.#pieces.push(buffer as ArrayBuffer);
  }
}
