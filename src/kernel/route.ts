import type { Request, RequestHandler, Response } from 'express';
import type Joi from 'joi';
import type { Actor } from './actor.js';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { MakeLimiter } from './limits.js';
import type { Text } from './locale.js';
import type { Logger } from './logger.js';
import type { Db } from './mongo.js';
import type { Secrets } from './secrets.js';
import type { Transact, Tx } from './transact.js';

/** What every feature stands on; a feature's own context interface extends it, and one context object fits all. */
export interface Kernel {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly db: Db;
  readonly transact: Transact;
  readonly limiter: MakeLimiter;
}

/**
 * Who may call a route. Checked before the body is read.
 *
 * `first-factor` is for what leads to a second factor, or out again: staff who have none yet get nothing else. `signed-in`
 * is for whoever is signed in as far as they must be: customers, and staff with both factors.
 */
export type Access = 'public' | 'first-factor' | 'signed-in' | { readonly permission: string };

/** What a re-verification is about, besides the operation and its payload. */
export interface StepUpSubject {
  readonly caseId?: string;
  readonly accountId?: string;
  /** Moves with every decision about the account, so that a confirmation of an older state is void. */
  readonly accountVersion?: number;
  /** What people call it: the number of the case, the address of a person. From the store, never from the request. */
  readonly about?: string;
}

export interface StepUpRule<C, P, B> {
  /** `true`: the route works without; the handler sees `reverified`. */
  readonly optional?: true;
  /**
   * What exactly is confirmed, in our own words, so that no page can be made to say otherwise. It ends the sentence "You are
   * confirming: …"; of the body only numbers and words of closed lists belong in it.
   */
  readonly confirms: (given: { params: P; body: B; about: string }) => Text;
  readonly subject?: (ctx: C, given: { params: P; body: B; actor: Actor }) => Promise<StepUpSubject>;
}

/** What answered a re-verification. */
export interface Proof {
  /** The kind of factor, in the words of whoever checked it. */
  readonly method: string;
  /** Since when the factor is the person's: a thief's own is young. */
  readonly since: Date;
}

/** A file that the upload middleware of a route has taken in. */
export interface Received {
  readonly sha256: string;
  readonly bytes: number;
}

declare module 'express-serve-static-core' {
  interface Request {
    /** Set by the kernel for every request. */
    requestId: string;
    actor: Actor;
    /** Set by the upload middleware of a route. */
    received?: readonly Received[];
  }
}

type Shape<S> = S extends Joi.Schema<infer T> ? T : undefined;

export interface Input<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly actor: Actor;
  readonly db: Db;
  readonly request: Request;
  readonly response: Response;
  /** Whether this request carries a re-verification for exactly this act; it is used up inside `act`. */
  readonly reverified: boolean;
  /**
   * The one transaction of this request: uses up the re-verification, runs `work`, keeps its result as the answer to the
   * Idempotency-Key, and commits all of it or nothing. What `work` returns is the reply. `proof` is there when the request
   * carries a re-verification.
   */
  act<T>(work: (tx: Tx, proof: Proof | undefined) => Promise<T>): Promise<T>;
}

type ObjectSchema = Joi.ObjectSchema | undefined;

export interface Route<
  C,
  P extends ObjectSchema = ObjectSchema,
  Q extends ObjectSchema = ObjectSchema,
  B extends ObjectSchema = ObjectSchema,
  R extends Joi.Schema | undefined = Joi.Schema | undefined,
> {
  /** OpenAPI operationId, client method name, and the operation that a re-verification names. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express form: `/api/cases/:caseId`. */
  readonly path: `/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly access: Access;
  /** Rate limits and uploads; they run after access was checked and before the body is read. */
  readonly before?: readonly ((ctx: C) => RequestHandler)[];
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** multipart/form-data: the name of the file field, and of the field that holds the JSON body when there is one. */
  readonly multipart?: { readonly field?: string; readonly files: string };
  /** Headers of its own that the handler reads, and what they carry; for the document. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: 200 | 201 | 202 | 204;
  readonly reply?: R;
  /** Answers bytes by itself through `response`; states the content type. */
  readonly raw?: string;
  /** Problem codes besides those that every route can answer. */
  readonly errors?: readonly string[];
  readonly stepUp?: StepUpRule<C, Shape<P>, Shape<B>>;
  /** Takes long anyway, and lets others go first; its handler says where. */
  readonly givesWay?: true;
  /** Honours Idempotency-Key. Every POST that creates or acts states it. */
  readonly idempotent?: true;
  readonly handle: (ctx: C, input: Input<Shape<P>, Shape<Q>, Shape<B>>) => Promise<unknown>;
}

/** A route of any shape, as lists hold it. */
export type AnyRoute<C> = Omit<Route<C>, 'handle' | 'stepUp'> & {
  readonly handle: (ctx: C, input: Input<never, never, never>) => Promise<unknown>;
  readonly stepUp?: StepUpRule<C, never, never>;
};

/** `const route = routeFor<CaseContext>()`, then one statement per route; everything else is derived from it. */
export const routeFor =
  <C>() =>
  <
    P extends ObjectSchema = undefined,
    Q extends ObjectSchema = undefined,
    B extends ObjectSchema = undefined,
    R extends Joi.Schema | undefined = undefined,
  >(
    definition: Route<C, P, Q, B, R>,
  ): AnyRoute<C> =>
    definition as unknown as AnyRoute<C>;
