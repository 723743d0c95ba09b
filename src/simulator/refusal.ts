const STATUS = {
  invalid_request: 400,
  unauthorized: 401,
  not_loopback: 403,
  account_unknown: 404,
  operation_unknown: 404,
  link_code_invalid: 404,
  nothing_here: 404,
  account_exists: 409,
  stale_generation: 409,
  scopes_unavailable: 409,
  key_reused: 422,
  internal: 500,
} as const;
export type RefusalCode = keyof typeof STATUS;

/** Why the exchange does not do something; answered as `application/problem+json`. Nothing was changed. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  readonly reason: string | undefined;

  constructor(code: RefusalCode, reason?: string) {
    super(code);
    this.code = code;
    this.status = STATUS[code];
    this.reason = reason;
  }
}

export const problemOf = ({ code, status, reason }: Refusal) => ({
  type: 'about:blank',
  title: code.replaceAll('_', ' '),
  status,
  code,
  ...(reason ? { detail: reason } : {}),
});
