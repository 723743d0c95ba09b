/** What the API refused, or that it could not be asked (`away`). `code` is for programs; words for people are in problem-texts. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Seconds to wait before another try, when the answer says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Readonly<Record<string, unknown>>, retryAfter?: number) {
    const code = typeof body['code'] === 'string' ? body['code'] : status === 0 ? 'away' : 'internal';
    super(`${status} ${code}`);
    this.name = 'ApiProblem';
    this.code = code;
    this.status = status;
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /** Not lost: the same request may be sent again under the same Idempotency-Key. */
  get passing(): boolean {
    return this.status === 0 || this.status === 503 || this.code === 'in_flight' || this.code === 'conflict';
  }
}

/** Somebody closed the dialog that asked them to confirm: nothing was sent. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
    this.name = 'Cancelled';
  }
}
