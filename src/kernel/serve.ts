import { isUtf8 } from 'node:buffer';
import { createHmac } from 'node:crypto';
import type { Request, RequestHandler, Response, Router } from 'express';
import express from 'express';
import type { Actor } from './actor.js';
import type { AuditDraft } from './audit-draft.js';
import { canonicalJson } from './canonical.js';
import { type Claim, claimOf, Replay, refuseAnswered, rememberAnswer } from './idempotency.js';
import type { InFlight } from './lifecycle.js';
import type { Text } from './locale.js';
import { kernelProblem, Problem } from './problem.js';
import { checkPayload, readInput } from './read-input.js';
import type { Access, AnyRoute, Input, Kernel, Proof, StepUpSubject } from './route.js';
import { deriveKey } from './seal.js';
import { receiptsOf, type Tx } from './transact.js';

/** Tells who calls, and whether they may. */
export interface Gate {
  /** @throws Problem 401 when credentials are there and do not hold; no credentials is `anonymous` */
  identify(request: Request): Promise<Actor>;
  /** @throws Problem 401 or 403 */
  permit(actor: Actor, access: Access): void;
}

/** What a re-verification holds fast: exactly this act, on exactly this. */
export interface StepUpBinding extends StepUpSubject {
  readonly operation: string;
  /** Keyed (HMAC-SHA-256 of the canonical JSON): a payload may be a password and little else, and bindings are stored. */
  readonly payloadHash: string;
}

export interface StepUpOffer extends StepUpBinding {
  readonly confirms: Text;
}

export interface StepUp {
  /** Uses up the re-verification inside the act's transaction. @throws Problem `step_up_required` */
  consume(tx: Tx, token: string, binding: StepUpBinding): Promise<Proof>;
  /** The RFC 9470 answer for a request that came without one. */
  demand(): Error;
}

export interface ServeContext extends Kernel {
  readonly gate: Gate;
  readonly stepUp: StepUp;
  readonly requests: InFlight;
}

export const REVERIFICATION_HEADER = 'reverification';

/** Carries the receipts of what this request did: base64 of a signed note each, joined by commas. */
export const RECEIPT_HEADER = 'Audit-Receipt';

/** Mounts routes: who, whether, upload, body, shape, act, answer, in this order. */
export function mount<C extends ServeContext>(router: Router, routes: readonly AnyRoute<C>[], ctx: C): Router {
  const parseJson = express.json({
    limit: ctx.config.http.bodyLimitBytes,
    inflate: false,
    strict: true,
    type: 'application/json',
    verify: (_request, _response, bytes) => {
      // What is no UTF-8 would be read with its bad bytes replaced, and so not be kept as it came.
      if (!isUtf8(bytes)) throw Object.assign(new Error('not UTF-8'), { type: 'entity.parse.failed' });
    },
  });
  for (const route of routes) {
    router[route.method](
      route.path,
      admit(ctx, route),
      ...(route.before ?? []).map((make) => make(ctx)),
      ...(route.body ? [jsonBody(parseJson)] : []),
      async (request, response) => ctx.requests.track(answer(ctx, route, request, response)),
    );
  }
  for (const path of new Set(routes.map((route) => route.path))) refuseOtherMethods(router, path, routes);
  return router;
}

function admit<C extends ServeContext>(ctx: C, route: AnyRoute<C>): RequestHandler {
  return async (request, response, next) => {
    request.actor = await ctx.gate.identify(request);
    await permit(ctx, route, request.actor).finally(() => handOver(response, receiptsOf(request.actor)));
    next();
  };
}

/**
 * @throws Problem 401 or 403
 * Whoever is signed in and tries what they may not leaves a trace, audited as `access.refused`.
 */
async function permit<C extends ServeContext>({ gate, transact }: C, { id, access }: AnyRoute<C>, actor: Actor) {
  try {
    gate.permit(actor, access);
  } catch (error) {
    if (actor.kind === 'person' && error instanceof Problem && error.status === 403)
      await transact(actor, async (tx) => tx.record(accessRefused(id, error.code)));
    throw error;
  }
}

const accessRefused = (operation: string, because: string): AuditDraft => ({
  action: 'access.refused',
  target: { kind: 'operation', id: operation },
  result: 'refused',
  facts: { because },
});

/** Parses JSON unless an upload middleware has filled the body already; any other content type is refused. */
function jsonBody(parseJson: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (request.received !== undefined) return next();
    const empty =
      request.headers['content-length'] === '0' ||
      !('transfer-encoding' in request.headers || 'content-length' in request.headers);
    if (!empty && !(request.is('application/json') && inUtf8(request))) {
      throw kernelProblem('unsupported_media_type');
    }
    parseJson(request, response, next);
  };
}

/** RFC 8259, 8.1: JSON is UTF-8. Another charset would only get text past whoever looks at the bytes before us. */
const inUtf8 = (request: Request): boolean => {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.get('content-type') ?? '') ?? [];
  return charset.toLowerCase() === 'utf-8';
};

async function answer<C extends ServeContext>(
  ctx: C,
  route: AnyRoute<C>,
  request: Request,
  response: Response,
): Promise<void> {
  const given = readInput(route as AnyRoute<never>, request);
  const token = route.stepUp && request.get(REVERIFICATION_HEADER);
  if (route.stepUp && !route.stepUp.optional && !token) throw ctx.stepUp.demand();
  const claim = route.idempotent ? claimFor(route, given, request, Boolean(token)) : undefined;
  const status = route.status ?? (route.reply ? 200 : 204);
  const done = claim ? enter(claim) : undefined;
  try {
    const binding = token ? await bindUnlessAnswered(ctx, route, given, request.actor, claim) : undefined;
    const act = actOnce(ctx, request, response, token, binding, claim, status);
    const reverified = binding !== undefined;
    const input = { ...given, actor: request.actor, db: ctx.db, request, response, reverified, act };
    const reply = await route.handle(ctx, input as Input<never, never, never>);
    handOver(response, receiptsOf(request.actor));
    send(ctx, route, response, status, reply);
  } catch (error) {
    handOver(response, receiptsOf(request.actor)); // a refusal that was recorded is an act too
    if (!(error instanceof Replay)) throw error;
    if (error.receipt) handOver(response, [error.receipt]);
    response.set('Idempotent-Replayed', 'true');
    send(ctx, route, response, error.status, error.answer);
  } finally {
    done?.();
  }
}

/** What was re-verified for may be gone because this very request did its work before: then that answer is given again. */
async function bindUnlessAnswered<C extends ServeContext>(
  ctx: C,
  route: AnyRoute<C>,
  given: { params: unknown; body: unknown },
  actor: Actor,
  claim: Claim | undefined,
): Promise<StepUpBinding> {
  try {
    return await bind(ctx, route, given, actor);
  } catch (error) {
    if (claim) await refuseAnswered(ctx.db, claim);
    throw error;
  }
}

function handOver(response: Response, receipts: readonly string[]): void {
  if (receipts.length === 0 || response.headersSent) return;
  response.set(RECEIPT_HEADER, receipts.map((receipt) => Buffer.from(receipt).toString('base64')).join(', '));
}

function actOnce(
  ctx: ServeContext,
  { actor }: Request,
  response: Response,
  token: string | undefined,
  binding: StepUpBinding | undefined,
  claim: Claim | undefined,
  status: number,
): Input['act'] {
  let acted = false;
  return async (work) => {
    if (acted) throw new Error('a request acts once');
    acted = true;
    const reply = await ctx.transact(
      actor,
      async (tx) => {
        if (claim) await refuseAnswered(tx, claim);
        const proof = binding && token ? await ctx.stepUp.consume(tx, token, binding) : undefined;
        return work(tx, proof);
      },
      async (tx, answer, receipt) => {
        if (claim) rememberAnswer(tx, claim, { status, answer, receipt: receipt() }, ctx.config.idempotencyHours);
      },
    );
    handOver(response, receiptsOf(actor)); // before a handler that answers bytes begins to
    return reply;
  };
}

/** A request with a re-verification is another one than the same without: it may do more. Which token it was is all one. */
function claimFor<C>(
  route: AnyRoute<C>,
  given: { params: unknown; query: unknown; body: unknown },
  request: Request,
  reverified: boolean,
): Claim | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined) return undefined;
  const files = (request.received ?? []).map(({ sha256 }) => sha256);
  const payload = canonicalJson(plain({ ...given, files, ...(reverified ? { reverified } : {}) }));
  return claimOf(key, `${route.id}\n${request.actor.kind}\n${request.actor.id}`, payload);
}

/** Undefined members are no part of JSON. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const inFlight = new Set<string>();

/** One request per key at a time in this process; between processes the transaction decides. */
function enter({ id }: Claim): () => void {
  if (inFlight.has(id)) throw kernelProblem('in_flight', { headers: { 'Retry-After': '1' } });
  inFlight.add(id);
  return () => inFlight.delete(id);
}

function send<C extends ServeContext>(
  ctx: C,
  route: AnyRoute<C>,
  response: Response,
  status: number,
  reply: unknown,
): void {
  if (route.raw) return;
  if (!route.reply) {
    response.status(status).end();
    return;
  }
  if (ctx.config.checkReplies) {
    const { error } = route.reply.validate(JSON.parse(JSON.stringify(reply)), { convert: false });
    if (error)
      throw new Error(
        `reply of ${route.id} breaks its schema at ${error.details.map((d) => `${d.path.join('.')} (${d.type})`).join(', ')}`,
      );
  }
  response.status(status).json(reply);
}

async function bind<C extends Kernel>(
  ctx: C,
  route: AnyRoute<C>,
  given: { params: unknown; body: unknown },
  actor: Actor,
): Promise<StepUpBinding> {
  const subject = await route.stepUp?.subject?.(ctx, {
    params: given.params as never,
    body: given.body as never,
    actor,
  });
  return {
    ...subject,
    operation: route.id,
    payloadHash: createHmac('sha256', deriveKey(ctx.secrets.linkKey, 'firebreak re-verified payload'))
      .update(canonicalJson(plain({ params: given.params, body: given.body })))
      .digest('base64url'),
  };
}

/** The operations that can be re-verified for, by id. */
export interface Operations<C> {
  /**
   * What a re-verification for this act would hold fast, and what whoever gives it confirms.
   *
   * @throws Problem `not_found` for an operation that asks for none · `invalid_request` · what the route's access says
   */
  bind(ctx: C, operation: string, params: unknown, body: unknown, actor: Actor): Promise<StepUpOffer>;
}

export function operationsOf<C extends ServeContext>(routes: readonly AnyRoute<C>[]): Operations<C> {
  const byId = new Map(routes.filter((route) => route.stepUp).map((route) => [route.id, route]));
  return {
    bind: async (ctx, operation, params, body, actor) => {
      const route = byId.get(operation);
      if (!route?.stepUp) throw kernelProblem('not_found', { detail: 'No such operation asks for a re-verification' });
      await permit(ctx, route, actor);
      const given = checkPayload(route as AnyRoute<never>, params, body);
      const binding = await bind(ctx, route, given, actor);
      const named = { params: given.params as never, body: given.body as never, about: binding.about ?? '' };
      return { ...binding, confirms: route.stepUp.confirms(named) };
    },
  };
}

function refuseOtherMethods<C>(router: Router, path: string, routes: readonly AnyRoute<C>[]): void {
  const allowed = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
  if (allowed.includes('GET')) allowed.push('HEAD');
  router.all(path, (_request, response) => {
    response.set('Allow', allowed.join(', '));
    throw kernelProblem('method_not_allowed');
  });
}
