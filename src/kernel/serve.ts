import { isUtf8 } from 'node:buffer';
import type { Request, RequestHandler, Response, Router } from 'express';
import express from 'express';
import type { Actor } from './actor.js';
import { type Claim, claimOf, Replay, refuseAnswered, rememberAnswer } from './idempotency.js';
import type { InFlight } from './lifecycle.js';
import { type GateContext, permit } from './permit.js';
import { kernelProblem } from './problem.js';
import { readInput } from './read-input.js';
import { bind, payloadText, type StepUp, type StepUpBinding } from './reverified-act.js';
import type { RightOfWay } from './right-of-way.js';
import type { AnyRoute, Input } from './route.js';
import { receiptsOf } from './transact.js';

export interface ServeContext extends GateContext {
  readonly stepUp: StepUp;
  readonly requests: InFlight;
  readonly rightOfWay: RightOfWay;
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
    if (!route.givesWay) ctx.rightOfWay.take(response);
    request.actor = await ctx.gate.identify(request);
    await permit(ctx, route, request.actor).finally(() => handOver(response, receiptsOf(request.actor)));
    next();
  };
}

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
  const payload = payloadText({ ...given, files, ...(reverified ? { reverified } : {}) });
  return claimOf(key, `${route.id}\n${request.actor.kind}\n${request.actor.id}`, payload);
}

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

function refuseOtherMethods<C>(router: Router, path: string, routes: readonly AnyRoute<C>[]): void {
  const allowed = routes.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
  if (allowed.includes('GET')) allowed.push('HEAD');
  router.all(path, (_request, response) => {
    response.set('Allow', allowed.join(', '));
    throw kernelProblem('method_not_allowed');
  });
}
