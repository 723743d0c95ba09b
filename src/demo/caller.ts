import { generate } from 'otplib';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** Somebody who uses the API over HTTP: keeps the access token and the authenticator's secret. */
export class Caller {
  readonly baseUrl: string;
  readonly name: string;
  accessToken: string | undefined;
  totpSecret: string | undefined;
  /** The last time step a code was used for: a code works once. */
  #lastStep = -1;

  constructor(baseUrl: string, name: string) {
    this.baseUrl = baseUrl;
    this.name = name;
  }

  async send<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: {
        ...(this.accessToken ? { Authorization: `Bearer ${this.accessToken}` } : {}),
        ...(body === undefined || body instanceof FormData ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      body: (json && text ? JSON.parse(text) : { text }) as T,
      headers: response.headers,
    };
  }

  /** Like `send`; throws with the problem's own words unless the answer is a success. */
  async ask<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const answer = await this.send<T>(method, path, body, headers);
    if (answer.status >= 400) {
      throw new Error(`${this.name}: ${method} ${path} was answered ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  /** Sets up an authenticator, as the person would with the QR code, and takes it into use. */
  async enrol(password: string): Promise<void> {
    const { secret } = await this.ask<{ secret: string }>('POST', '/api/me/totp', { password });
    this.totpSecret = secret;
    await this.ask('POST', '/api/me/totp/confirmation', { code: await this.code() });
  }

  async signIn(email: string, password: string): Promise<void> {
    const first = await this.ask<{ accessToken?: string; ticket?: string }>('POST', '/api/sessions', {
      email,
      password,
    });
    this.accessToken = first.accessToken;
    if (!first.ticket) return;
    const second = await this.ask<{ accessToken: string }>('POST', '/api/sessions/second-factor', {
      ticket: first.ticket,
      code: await this.code(),
    });
    this.accessToken = second.accessToken;
  }

  /** The re-verification token for exactly this act. */
  async reverify(operation: string, params: object, body: object): Promise<string> {
    const { reverificationId } = await this.ask<{ reverificationId: string }>('POST', '/api/reverifications', {
      operation,
      params,
      body,
    });
    const path = `/api/reverifications/${reverificationId}/answers`;
    return (await this.ask<{ token: string }>('POST', path, { code: await this.code() })).token;
  }

  /** A code of the authenticator that was not used yet; waits for the next one when this one was. */
  async code(): Promise<string> {
    if (!this.totpSecret) throw new Error(`${this.name} has no authenticator`);
    const step = () => Math.floor(Date.now() / STEP_MS);
    while (step() <= this.#lastStep)
      await new Promise((resolve) => setTimeout(resolve, (this.#lastStep + 1) * STEP_MS - Date.now() + 20));
    this.#lastStep = step();
    return generate({ secret: this.totpSecret });
  }
}

const STEP_MS = 30_000; // RFC 6238, 4.1
