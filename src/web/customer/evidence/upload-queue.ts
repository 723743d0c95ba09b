import { ApiProblem } from '../../ground/problem.js';
import { upload } from '../../ground/upload.js';
import { keepTrying } from '../keep-trying.js';
import { keepReceipts } from '../receipts.js';
import { type DeviceFile, dropFile, filesOn, keepFile } from './device-files.js';
import { PIECES_FROM } from './fit.js';

export type Sending =
  | { readonly state: 'waiting' }
  | { readonly state: 'sending'; readonly share: number }
  /** The connection is bad; it goes on by itself. */
  | { readonly state: 'retrying'; readonly share: number }
  | { readonly state: 'done' }
  | { readonly state: 'refused'; readonly problem: ApiProblem };

export interface Queued {
  readonly id: string;
  readonly file: File;
  readonly sending: Sending;
}

interface Told {
  readonly onChange: (lines: readonly Queued[]) => void;
  readonly onArrived: () => void;
}

export const caseShelf = (caseId: string): string => `case:${caseId}`;

/** Files on their way into a case, one after the other. What has not arrived stays on this device, over a reload too. */
export class UploadQueue {
  readonly #caseId: string;
  readonly #told: Told;
  readonly #ending = new AbortController();
  readonly #tried = new Set<string>();
  #lines: readonly Queued[] = [];
  #running = false;
  #more = false;

  constructor(caseId: string, told: Told) {
    this.#caseId = caseId;
    this.#told = told;
  }

  async add(files: readonly File[]): Promise<void> {
    const shelf = caseShelf(this.#caseId);
    for (const file of files) await keepFile({ id: crypto.randomUUID(), shelf, file });
    this.start();
  }

  async remove(id: string): Promise<void> {
    await dropFile(id);
    this.#change(this.#lines.filter((line) => line.id !== id));
  }

  /** Tries those again that were refused. */
  again(): void {
    this.#tried.clear();
    this.start();
  }

  start(): void {
    this.#more = true;
    if (this.#running) return;
    this.#running = true;
    const { signal } = this.#ending;
    // Two tabs would send the same files twice.
    navigator.locks
      .request(`firebreak-uploads-${this.#caseId}`, { signal }, () => this.#sendAll())
      .catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
  }

  stop(): void {
    this.#ending.abort();
  }

  async #sendAll(): Promise<void> {
    while (this.#more && !this.#ending.signal.aborted) {
      this.#more = false;
      for (let next = await this.#next(); next; next = await this.#next()) {
        this.#tried.add(next.id);
        await this.#send(next);
        if (this.#ending.signal.aborted) return;
        this.#told.onArrived();
      }
    }
    this.#running = false;
  }

  async #next(): Promise<DeviceFile | undefined> {
    const waiting = await filesOn(caseShelf(this.#caseId));
    if (this.#ending.signal.aborted) return undefined;
    const known = new Map(this.#lines.map((line) => [line.id, line]));
    const here = new Set(waiting.map(({ id }) => id));
    this.#change([
      ...this.#lines.filter(({ id, sending }) => sending.state === 'done' || here.has(id)),
      ...waiting
        .filter(({ id }) => !known.has(id))
        .map(({ id, file }) => ({ id, file, sending: { state: 'waiting' as const } })),
    ]);
    return waiting.find(({ id }) => !this.#tried.has(id));
  }

  async #send({ id, file }: DeviceFile): Promise<void> {
    const { signal } = this.#ending;
    let share = 0;
    const onProgress = (now: number) => {
      share = now;
      this.#mark(id, { state: 'sending', share });
    };
    onProgress(0);
    try {
      const receipts = await keepTrying(() => sendFile(this.#caseId, { id, file, signal, onProgress }), {
        signal,
        onWait: () => this.#mark(id, { state: 'retrying', share }),
      });
      keepReceipts(this.#caseId, 'evidence', receipts);
      await dropFile(id);
      this.#mark(id, { state: 'done' });
    } catch (problem) {
      if (signal.aborted) return;
      if (!(problem instanceof ApiProblem)) throw problem;
      this.#mark(id, { state: 'refused', problem });
    }
  }

  #mark(id: string, sending: Sending): void {
    this.#change(this.#lines.map((line) => (line.id === id ? { ...line, sending } : line)));
  }

  #change(lines: readonly Queued[]): void {
    this.#lines = lines;
    this.#told.onChange(lines);
  }
}

interface OneFile {
  readonly id: string;
  readonly file: File;
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

async function sendFile(caseId: string, { id, file, signal, onProgress }: OneFile): Promise<readonly string[]> {
  if (file.size >= PIECES_FROM) {
    const { sendInPieces } = await import('./send-in-pieces.js');
    await sendInPieces({ caseId, file, signal, onProgress });
    return [];
  }
  const body = new FormData();
  body.append('evidence', file, file.name);
  return (await upload('addEvidence', { params: { caseId }, body, key: id, signal, onProgress })).receipts;
}
