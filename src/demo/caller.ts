import { generate } from 'otplib';

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  /** Whether a connection was cut before this answer came. */
  readonly cut: boolean;
}

export interface Answer<T = Record<string, unknown>> extends Answered {
  readonly body: T;
}

interface Sent extends Answered {
  readonly bytes: Buffer;
}

export interface CallerOptions {
  /** Milliseconds; what the codes of the authenticator are made for. The machine's time when absent. */
  readonly now?: () => number;
  /** Hears of each request once it is on its way. */
  readonly onSend?: (method: string, path: string) => void;
  /** Waits until a request whose connection was cut can be sent again, as it was. Absent: a cut request throws. */
  readonly onCut?: () => Promise<void>;
}

/**
 * Somebody who uses the API over HTTP: keeps the access token and the authenticator's secret, and sends each POST under
 * an Idempotency-Key of its own. What others were in the way of is sent again, as 409 `conflict` and `in_flight` say.
 */
export class Caller {
  readonly baseUrl: string;
  readonly name: string;
  accessToken: string | undefined;
  totpSecret: string | undefined;
  readonly #options: CallerOptions;
  /** The last time step a code was used for: a code works once. */
  #lastStep = -1;

  constructor(baseUrl: string, name: string, options: CallerOptions = {}) {
    this.baseUrl = baseUrl;
    this.name = name;
    this.#options = options;
  }

  /** The same person elsewhere, or with other options; signed in as here, no code used there yet. */
  at(baseUrl: string, options: CallerOptions = {}): Caller {
    const twin = new Caller(baseUrl, this.name, options);
    twin.accessToken = this.accessToken;
    twin.totpSecret = this.totpSecret;
    return twin;
  }

  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const sent = await this.bytes(method, path, body, headers);
    const text = sent.bytes.toString('utf8');
    const json = /json/.test(sent.headers.get('content-type') ?? '');
    return {
      status: sent.status,
      body: (json && text ? JSON.parse(text) : { text }) as T,
      headers: sent.headers,
      cut: sent.cut,
    };
  }

  /** Like `send`, with the answer's bytes as they came. */
  async bytes(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Sent> {
    const request: RequestInit = {
      method,
      headers: {
        ...(this.accessToken ? { Authorization: `Bearer ${this.accessToken}` } : {}),
        ...(body === undefined || body instanceof FormData ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'POST' ? { 'Idempotency-Key': crypto.randomUUID() } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    };
    const sentAt = Date.now();
    for (let cut = false; ; ) {
      try {
        const answer = fetch(`${this.baseUrl}${path}`, request);
        this.#options.onSend?.(method, path);
        const response = await answer;
        const { status } = response;
        const bytes = Buffer.from(await response.arrayBuffer());
        if (status !== 409 || !IN_THE_WAY.test(bytes.toString()) || Date.now() - sentAt > AGAIN_FOR_MS) {
          return { status, headers: response.headers, cut, bytes };
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      } catch (error) {
        if (!this.#options.onCut) throw error;
        cut = true;
        await this.#options.onCut();
      }
    }
  }

  /** Like `send`; throws with the problem's own words unless the answer is a success. */
  async ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    return this.#success(method, path, await this.send<T>(method, path, body, headers));
  }

  #success<T>(method: string, path: string, { status, body }: Answer<T>): T {
    if (status < 400) return body;
    throw new Error(`${this.name}: ${method} ${path} was answered ${status} ${JSON.stringify(body)}`);
  }

  /**
   * Posts `body` with a code. What a cut request had done is answered again, whatever became of its code; a code that is
   * refused after a cut did nothing and was outlived by what stood in its way, so the next one is sent.
   */
  async #askWithCode<T>(path: string, body: object = {}): Promise<T> {
    for (;;) {
      const answer = await this.send<T>('POST', path, { ...body, code: await this.code() });
      const outlived = answer.cut && (answer.body as { code?: string }).code === 'code_refused';
      if (!outlived) return this.#success('POST', path, answer);
    }
  }

  /** Sets up an authenticator, as the person would with the QR code, and takes it into use. */
  async enrol(password: string): Promise<void> {
    const { secret } = await this.ask<{ secret: string }>('POST', '/api/me/totp', { password });
    this.totpSecret = secret;
    await this.#askWithCode('/api/me/totp/confirmation');
  }

  async signIn(email: string, password: string): Promise<void> {
    this.accessToken = undefined; // who signs in anew shows no old token
    const first = await this.ask<{ accessToken?: string; ticket?: string }>('POST', '/api/sessions', {
      email,
      password,
    });
    this.accessToken = first.accessToken;
    if (!first.ticket) return;
    const { ticket } = first;
    this.accessToken = (
      await this.#askWithCode<{ accessToken: string }>('/api/sessions/second-factor', { ticket })
    ).accessToken;
  }

  /** The re-verification token for exactly this act. */
  async reverify(operation: string, params: object, body: object): Promise<string> {
    const { reverificationId } = await this.ask<{ reverificationId: string }>('POST', '/api/reverifications', {
      operation,
      params,
      body,
    });
    const path = `/api/reverifications/${reverificationId}/answers`;
    return (await this.#askWithCode<{ token: string }>(path)).token;
  }

  /** A code of the authenticator that was not used yet and lives for a while; waits for the next one otherwise. */
  async code(): Promise<string> {
    if (!this.totpSecret) throw new Error(`${this.name} has no authenticator`);
    const now = this.#options.now ?? Date.now;
    const life = this.#options.onCut ? AGAIN_WITHIN_MS : ON_ITS_WAY_MS;
    const next = () => Math.floor((now() + life) / STEP_MS);
    while (next() <= this.#lastStep || next() * STEP_MS > now())
      await new Promise((resolve) => setTimeout(resolve, Math.max(this.#lastStep + 1, next()) * STEP_MS - now() + 20));
    this.#lastStep = next();
    return generate({ secret: this.totpSecret, epoch: (this.#lastStep * STEP_MS) / 1_000 });
  }
}

const STEP_MS = 30_000; // RFC 6238, 4.1

/** A code is taken until 5 s after its step; a busy machine may need longer to read a request. */
const ON_ITS_WAY_MS = 5_000;

/** A killed process is mostly back within this. */
const AGAIN_WITHIN_MS = 10_000;

/** Problem codes that ask to try again. */
const IN_THE_WAY = /"code":"(conflict|in_flight)"/;
const AGAIN_AFTER_MS = 500;

/** What a killed process had open keeps what it touched for a minute: MongoDB's `transactionLifetimeLimitSeconds`. */
const AGAIN_FOR_MS = 120_000;
