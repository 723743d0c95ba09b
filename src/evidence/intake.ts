import type { Readable } from 'node:stream';
import type { Request } from 'express';
import type { Actor } from '../kernel/actor.js';
import type { Received } from '../kernel/route.js';
import { decodeFileName, MAX_NAME_BYTES } from './file-name.js';
import { ContentInspector } from './inspect-content.js';
import { evidenceProblem } from './problems.js';
import type { HeldObject, Vault } from './vault.js';
import { type Content, contradicts } from './words.js';

/** One file that arrived whole; its bytes are held, and belong to nothing yet. */
export interface ReceivedFile {
  readonly held: HeldObject;
  readonly name: string;
  /** The sender's claim, lower case; undefined when there was none. */
  readonly declaredType: string | undefined;
  readonly content: Content;
  readonly typeMismatch: boolean;
}

/** What a part of a multipart body says about itself. */
export interface IncomingPart {
  readonly originalname: string;
  readonly mimetype: string;
  readonly stream: Readable & { readonly truncated?: boolean };
}

const MAX_DECLARED_LENGTH = 127;

/** The files of one request, from the first byte until they belong to a case or are gone. */
export class Intake {
  readonly #vault: Vault;
  readonly #actor: () => Actor;
  readonly #arrived: (ReceivedFile | undefined)[] = [];
  #taken = false;
  #abandoned = false;

  constructor(vault: Vault, actor: () => Actor) {
    this.#vault = vault;
    this.#actor = actor;
  }

  /**
   * Takes one file in. Leaves nothing behind when it throws.
   * @throws Problem `file_name_too_long` · `file_too_large` · `file_empty` · `file_type_not_allowed`
   */
  async receive(part: IncomingPart): Promise<void> {
    const place = this.#arrived.push(undefined) - 1;
    const name = decodeFileName(part.originalname);
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw evidenceProblem('file_name_too_long');
    const inspector = new ContentInspector();
    const held = await this.#vault.hold(part.stream, (chunk) => inspector.push(chunk));
    try {
      if (part.stream.truncated) throw evidenceProblem('file_too_large');
      if (held.size === 0) throw evidenceProblem('file_empty');
      const content = await inspector.conclude();
      if (content === undefined) throw evidenceProblem('file_type_not_allowed');
      const declared = part.mimetype.toLowerCase().slice(0, MAX_DECLARED_LENGTH);
      this.#arrived[place] = {
        held,
        name,
        declaredType: declared === '' ? undefined : declared,
        content,
        typeMismatch: contradicts(declared, content),
      };
    } catch (error) {
      await this.#vault.discard(held, this.#actor());
      throw error;
    }
  }

  /**
   * The files in the order they came; whoever takes them sees to it that they are settled or discarded.
   *
   * @throws Problem `upload_cut_off` when they are gone already: an act that was sent with files does not happen without
   */
  take(): readonly ReceivedFile[] {
    if (this.#abandoned) throw evidenceProblem('upload_cut_off');
    this.#taken = true;
    return this.#arrived.filter((file) => file !== undefined);
  }

  /** Lets go of everything that arrived and that nobody took. May be called again when more has arrived. */
  async abandon(): Promise<void> {
    if (this.#taken) return;
    this.#abandoned = true;
    const files = this.#arrived.filter((file) => file !== undefined);
    this.#arrived.fill(undefined);
    for (const { held } of files) await this.#vault.discard(held, this.#actor());
  }

  /** Hash and size of each file, in order: what an Idempotency-Key is bound to. */
  received(): readonly Received[] {
    return this.#arrived.flatMap((file) => (file ? { sha256: file.held.sha256, bytes: file.held.size } : []));
  }
}

const intakes = new WeakMap<Request, Intake>();
export const intakeOf = (request: Request): Intake | undefined => intakes.get(request);
export const beginIntake = (request: Request, intake: Intake): void => void intakes.set(request, intake);
