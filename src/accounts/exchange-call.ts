import type { UnconfirmedReason } from './exchange.js';
import { signRequest } from './sign-request.js';

export interface ExchangeSettings {
  /** Where the exchange's partner interface begins, e.g. `https://partner.example`. */
  readonly url: string;
  readonly keyId: string;
  readonly secret: Uint8Array;
  /** From sending to the last byte of the answer. */
  readonly timeoutMs: number;
}

/** An answer that arrived whole. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** No usable answer: whether the exchange acted is not known. */
export class NoAnswer extends Error {
  readonly reason: UnconfirmedReason;

  constructor(reason: UnconfirmedReason, cause?: unknown) {
    super(`no answer from the exchange: ${reason}`, { cause });
    this.name = 'NoAnswer';
    this.reason = reason;
  }
}

export type Call = (method: 'GET' | 'POST', path: string, body?: unknown, idempotencyKey?: string) => Promise<Answer>;

/** Longest answer that is read, in bytes: a hundred entries of each kind of activity are about 100 kB. */
const LONGEST_ANSWER = 1_048_576;

const NEVER_CONNECTED = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/**
 * Makes the one way a request goes out: signed, bounded in time and size, never redirected, never repeated.
 *
 * Signed with the machine's time, not the product's clock: the other side compares it with its own.
 * @throws NoAnswer for a time-out, a lost connection, a 5xx, a 429, a 401 and whatever is not JSON
 */
export function exchangeCall({ url, keyId, secret, timeoutMs }: ExchangeSettings): Call {
  return async (method, path, body, idempotencyKey) => {
    const target = new URL(url.replace(/\/+$/, '') + path);
    const text = body === undefined ? '' : JSON.stringify(body);
    const unsigned = { method, url: target, body: text, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
    const headers = signRequest(unsigned, { keyId, secret, created: new Date() });
    try {
      const response = await fetch(target, {
        method,
        headers: { accept: 'application/json', ...headers, ...(text ? { 'content-type': 'application/json' } : {}) },
        ...(text ? { body: text } : {}),
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
      const bytes = await readBounded(response);
      if (response.status === 429) throw new NoAnswer('busy');
      if (response.status === 401 || response.status === 403) throw new NoAnswer('unauthorized');
      if (response.status >= 500) throw new NoAnswer('server_error');
      return { status: response.status, body: JSON.parse(bytes.toString('utf8')) };
    } catch (error) {
      throw error instanceof NoAnswer ? error : new NoAnswer(reasonOf(error), error);
    }
  };
}

async function readBounded(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) throw new NoAnswer('answer_invalid'); // leaving the loop cancels the stream
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function reasonOf(error: unknown): UnconfirmedReason {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return 'timeout';
  if (name === 'SyntaxError') return 'answer_invalid';
  return NEVER_CONNECTED.includes(cause?.code ?? '') ? 'unreachable' : 'connection_lost';
}
