import { OPERATIONS, type Operations } from './operations.js';
import { ApiProblem } from './problem.js';

export type OperationId = keyof Operations;
type Part<Id extends OperationId, Name extends string> =
  Operations[Id] extends Record<Name, infer Shape> ? Shape : never;
type Given<Id extends OperationId, Name extends string> =
  Part<Id, Name> extends never
    ? unknown
    : Record<never, never> extends Part<Id, Name>
      ? { readonly [N in Name]?: Part<Id, Name> }
      : { readonly [N in Name]: Part<Id, Name> };

export type Reply<Id extends OperationId> = Part<Id, 'reply'>;
export type Body<Id extends OperationId> = Part<Id, 'body'>;

export interface CallOptions {
  /** Bodies that are no JSON, such as a multipart form; in place of `body`. */
  readonly form?: FormData;
  readonly headers?: Readonly<Record<string, string>>;
  /** The same key for the same act, however often it is sent: kept by whoever may send again. */
  readonly key?: string;
  /** For acts that work without: ask for a re-verification all the same. */
  readonly reverify?: boolean;
  /** A re-verification that was given already, for whoever sends the same act again after a lost answer. */
  readonly reverification?: string;
  readonly signal?: AbortSignal;
}

type Input<Id extends OperationId> = Given<Id, 'params'> & Given<Id, 'query'> & Given<Id, 'body'> & CallOptions;
export type CallArgs<Id extends OperationId> =
  Record<never, never> extends Input<Id> ? [input?: Input<Id>] : [input: Input<Id>];

/** What an act is re-verified for; the payload exactly as it will be sent. */
export interface ActToConfirm {
  readonly operation: OperationId;
  readonly params: object;
  readonly body: object;
}

/** Put in place by session and step-up dialog, so that the client knows neither. */
export const hooks: {
  accessToken: () => Promise<string | undefined>;
  refused: () => void;
  /** @returns the token for the act @throws Cancelled */
  reverify: (act: ActToConfirm) => Promise<string>;
} = {
  accessToken: async () => undefined,
  refused: () => undefined,
  reverify: async () => {
    throw new Error('no dialog to confirm with');
  },
};

interface Loose extends CallOptions {
  readonly params?: object;
  readonly query?: object;
  readonly body?: object;
}

/**
 * Sends one operation of the API; an act on the list is re-verified first, by the dialog.
 *
 * @throws ApiProblem (status 0: the server cannot be reached) · Cancelled
 */
export async function call<Id extends OperationId>(id: Id, ...[input]: CallArgs<Id>): Promise<Reply<Id>> {
  const response = await send(id, (input ?? {}) as Loose);
  const type = response.headers.get('content-type') ?? '';
  if (response.status === 204) return undefined as Reply<Id>;
  return (type.includes('application/json') ? await response.json() : await response.blob()) as Reply<Id>;
}

/** Like `call`, for answers whose headers are wanted too. */
export async function send(id: OperationId, input: Loose): Promise<Response> {
  const [method, , stepUp] = OPERATIONS[id];
  const { params = {}, body = {} } = input;
  const ask = !input.reverification && (stepUp === 'required' || input.reverify);
  const reverification = ask ? await hooks.reverify({ operation: id, params, body }) : input.reverification;
  const token = await hooks.accessToken();
  const headers = {
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
    ...(method === 'POST' ? { 'Idempotency-Key': input.key ?? crypto.randomUUID() } : {}),
    ...(input.body && !input.form ? { 'Content-Type': 'application/json' } : {}),
    ...(reverification ? { Reverification: reverification } : {}),
    ...input.headers,
  };
  const payload = input.form ?? (input.body ? JSON.stringify(input.body) : undefined);
  const response = await fetch(addressOf(id, input), {
    method,
    headers,
    ...(payload === undefined ? {} : { body: payload }),
    ...(input.signal ? { signal: input.signal } : {}),
  }).catch((error: unknown) => {
    if (input.signal?.aborted) throw error;
    throw new ApiProblem(0, {});
  });
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.code === 'token_refused' || problem.code === 'not_signed_in') hooks.refused();
  throw problem;
}

/** The path of an operation with its parameters and query in place. */
export function addressOf(id: OperationId, { params = {}, query = {} }: { params?: object; query?: object }): string {
  const values = params as Readonly<Record<string, string>>;
  const path = OPERATIONS[id][1].replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(values[name] ?? ''));
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, String(value)]],
    ),
  ).toString();
  return search ? `${path}?${search}` : path;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const wait = Number(response.headers.get('retry-after'));
  const body = await response.json().catch(() => ({}));
  return new ApiProblem(response.status, body as Record<string, unknown>, wait > 0 ? wait : undefined);
}
