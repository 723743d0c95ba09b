import { createHmac } from 'node:crypto';
import type { Actor } from './actor.js';
import { canonicalJson } from './canonical.js';
import type { Text } from './locale.js';
import { type GateContext, permit } from './permit.js';
import { kernelProblem } from './problem.js';
import { checkPayload } from './read-input.js';
import type { AnyRoute, Kernel, Proof, StepUpSubject } from './route.js';
import { deriveKey } from './seal.js';
import type { Tx } from './transact.js';

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

/** What a request of this route holds fast. */
export async function bind<C extends Kernel>(
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
      .update(payloadText({ params: given.params, body: given.body }))
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

export function operationsOf<C extends GateContext>(routes: readonly AnyRoute<C>[]): Operations<C> {
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

/** Canonical JSON; undefined members are no part of it. */
export const payloadText = (payload: unknown): string => canonicalJson(JSON.parse(JSON.stringify(payload)));
