/** What a caller is told when something cannot be done; becomes `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string | undefined;
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: string, status: number, title: string, options: ProblemOptions = {}) {
    super(title, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.detail = options.detail;
    this.extra = options.extra ?? {};
    this.headers = options.headers ?? {};
  }
}

export interface ProblemOptions {
  /** One sentence for this occurrence; never internals, never the caller's raw input. */
  detail?: string;
  /** Members added to the problem document. */
  extra?: Record<string, unknown>;
  headers?: Record<string, string>;
  cause?: unknown;
}

type Definitions = Readonly<Record<string, readonly [status: number, title: string]>>;

export interface ProblemFactory<Code extends string> {
  (code: Code, options?: ProblemOptions): Problem;
  readonly codes: readonly Code[];
}

const statuses = new Map<string, { status: number; title: string }>();

/** Declares a feature's closed union of problem codes; the factory refuses any other code at compile time. */
export function defineProblems<D extends Definitions>(definitions: D): ProblemFactory<keyof D & string> {
  for (const [code, [status, title]] of Object.entries(definitions)) statuses.set(code, { status, title });
  const factory = (code: keyof D & string, options?: ProblemOptions): Problem => {
    const [status, title] = definitions[code] as readonly [number, string];
    return new Problem(code, status, title, options);
  };
  return Object.assign(factory, { codes: Object.keys(definitions) as (keyof D & string)[] });
}

/** Status and title of a declared code; the OpenAPI document is made from it. */
export const describeProblem = (code: string): { status: number; title: string } | undefined => statuses.get(code);

export const kernelProblem = defineProblems({
  invalid_request: [400, 'The request does not fit'],
  malformed_json: [400, 'The body is not valid JSON'],
  not_signed_in: [401, 'Sign in first'],
  step_up_required: [401, 'Re-verify for exactly this act and send it again'],
  not_allowed: [403, 'Your role does not allow this'],
  method_not_allowed: [405, 'Not with this method'],
  not_found: [404, 'There is nothing here'],
  in_flight: [409, 'The same request is still being worked on'],
  conflict: [409, 'Somebody else changed this just now; look again'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'This content type is not understood here'],
  key_reused: [422, 'This Idempotency-Key was used for another request'],
  too_many_requests: [429, 'Too many requests'],
  internal: [500, 'Something failed on our side'],
  unavailable: [503, 'Not available right now; try again shortly'],
} as const);
