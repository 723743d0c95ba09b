import { randomBytes, randomUUID } from 'node:crypto';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import helmet from 'helmet';
import { limitBy, limiters } from './limits.js';
import type { Logger } from './logger.js';
import { isAway } from './mongo.js';
import { kernelProblem, Problem } from './problem.js';
import { sourceOf } from './source-of.js';

/** Names the request, answers it by that name, and logs it once it is over: no query, no body, no address. */
export function nameRequest(logger: Logger): RequestHandler {
  return (request, response, next) => {
    request.requestId = randomUUID();
    response.set('X-Request-Id', request.requestId);
    if (!logger.isLevelEnabled('debug')) return next(); // winston would format it all before it drops it
    const started = process.hrtime.bigint();
    response.once('close', () => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      logger.debug('request', {
        requestId: request.requestId,
        method: request.method,
        route: (request.route as { path?: string } | undefined)?.path ?? '-',
        status: response.statusCode,
        ms: Math.round(ms),
        ...(response.writableFinished ? {} : { cut: true }),
      });
    });
    next();
  };
}

/** Strict for everything we serve: nothing from outside, no inline script, no framing. */
export function protect(secure: boolean): RequestHandler {
  const headers = new Map<string, string>();
  const collect = { setHeader: headers.set.bind(headers), removeHeader: () => undefined };
  // They are the same for every answer: asked for once, and not by a dozen middlewares each time.
  helmetOf(secure)({} as never, collect as never, () => undefined);
  return (_request, response, next) => {
    response.setHeaders(headers);
    next();
  };
}

const helmetOf = (secure: boolean) =>
  helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        ...(secure ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    hsts: secure ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    xFrameOptions: { action: 'deny' },
  });

/**
 * A bound on requests per source address, for everything; sharper limits stand at the routes that need them.
 *
 * Each process counts for itself: every request passes here, and none should wait for Redis to be let in.
 */
export const limitRequests = (perMinute: number): RequestHandler =>
  limitBy(limiters(randomBytes(32))('requests', perMinute, 60), ({ ip }) => sourceOf(ip ?? 'unknown'));

export const noSuchPath: RequestHandler = () => {
  throw kernelProblem('not_found');
};

/** The last middleware: every error becomes `application/problem+json`; what is ours to mend is logged, nothing leaks. */
export function answerProblems(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const problem = asProblem(error);
    if (problem.status >= 500) {
      const level = problem.status === 500 ? 'error' : 'warn';
      logger[level]('a request failed', { requestId: request.requestId, method: request.method, error });
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    if (!request.complete) response.set('Connection', 'close');
    response
      .status(problem.status)
      .set({ ...problem.headers, 'Cache-Control': 'no-store' })
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: `urn:firebreak:problem:${problem.code}`,
          title: problem.message,
          status: problem.status,
          code: problem.code,
          ...(problem.detail === undefined ? {} : { detail: problem.detail }),
          ...problem.extra,
          requestId: request.requestId,
        }),
      );
  };
}

/** What body-parser, Express and the driver throw, in our words. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { type, status } = error as { type?: string; status?: number };
  if (type === 'entity.too.large') return kernelProblem('body_too_large', { cause: error });
  if (type === 'entity.parse.failed') return kernelProblem('malformed_json', { cause: error });
  if (type === 'request.aborted' || type === 'request.size.invalid')
    return kernelProblem('invalid_request', { cause: error });
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return kernelProblem('unsupported_media_type', { cause: error });
  }
  if (status === 400 || error instanceof URIError) return kernelProblem('invalid_request', { cause: error });
  if (isAway(error)) return kernelProblem('unavailable', { cause: error, headers: { 'Retry-After': '2' } });
  return kernelProblem('internal', { cause: error });
}
