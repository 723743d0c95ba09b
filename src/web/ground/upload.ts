import { addressOf, hooks, type OperationId, type Reply } from './client.js';
import { OPERATIONS } from './operations.js';
import { ApiProblem } from './problem.js';

interface Sending {
  readonly params?: object;
  readonly query?: object;
  readonly body: object | FormData;
  /** Kept by whoever may send again: the same act under the same key is done once. */
  readonly key: string;
  readonly reverification?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How much of it has left, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

export interface Uploaded<Id extends OperationId> {
  readonly reply: Reply<Id>;
  /** What the audit log promised: signed notes. */
  readonly receipts: readonly string[];
}

/** A connection over which nothing moved for so long is taken for dead, although nobody has closed it. */
const STALLED_MS = 45_000;

/**
 * Like `call`, for what is large: it says how far it is, and gives a dead connection up. `fetch` can do neither.
 *
 * @throws ApiProblem (status 0: the server cannot be reached) · DOMException `AbortError` when `signal` ends it
 */
export async function upload<Id extends OperationId>(id: Id, sending: Sending): Promise<Uploaded<Id>> {
  const token = await hooks.accessToken();
  const request = await sent(id, sending, token);
  if (request.status >= 200 && request.status < 300)
    return { reply: asJson(request) as Reply<Id>, receipts: receiptsOf(request.getResponseHeader('Audit-Receipt')) };
  const wait = Number(request.getResponseHeader('Retry-After'));
  const problem = new ApiProblem(request.status, asJson(request) ?? {}, wait > 0 ? wait : undefined);
  if (problem.code === 'token_refused' || problem.code === 'not_signed_in') hooks.refused();
  throw problem;
}

function sent(id: OperationId, sending: Sending, token: string | undefined): Promise<XMLHttpRequest> {
  const { body, key, reverification, signal, onProgress } = sending;
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(OPERATIONS[id][0], addressOf(id, sending));
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`);
    if (reverification) request.setRequestHeader('Reverification', reverification);
    request.setRequestHeader('Idempotency-Key', key);
    if (!(body instanceof FormData)) request.setRequestHeader('Content-Type', 'application/json');
    let watch = 0;
    const moves = () => {
      clearTimeout(watch);
      watch = window.setTimeout(() => request.abort(), STALLED_MS);
    };
    const stop = () => request.abort();
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      moves();
      if (lengthComputable) onProgress?.(loaded / total);
    };
    request.onloadend = () => {
      clearTimeout(watch);
      signal?.removeEventListener('abort', stop);
      if (signal?.aborted) reject(new DOMException('stopped', 'AbortError'));
      else if (request.status === 0) reject(new ApiProblem(0, {}));
      else resolve(request);
    };
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) return reject(new DOMException('stopped', 'AbortError'));
    moves();
    request.send(body instanceof FormData ? body : JSON.stringify(body));
  });
}

function asJson({ responseText }: XMLHttpRequest): Record<string, unknown> | undefined {
  try {
    return JSON.parse(responseText) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** The header carries each note in base64. */
export const receiptsOf = (header: string | null): readonly string[] =>
  (header ?? '')
    .split(',')
    .filter((part) => part.trim())
    .map((part) => new TextDecoder().decode(Uint8Array.from(atob(part.trim()), (char) => char.charCodeAt(0))));
