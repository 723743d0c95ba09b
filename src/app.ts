import express, { type Express, type Router } from 'express';
import { answerProblems, limitRequests, nameRequest, noSuchPath, protect } from './kernel/http.js';
import type { AnyRoute } from './kernel/route.js';
import { mount, type ServeContext } from './kernel/serve.js';

/** The web application: protection, routes, pages, and the error handler last. */
export function makeApp<C extends ServeContext>(
  ctx: C,
  routes: readonly AnyRoute<C>[],
  pages: readonly Router[] = [],
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', ctx.config.http.trustedProxies);
  app.set('query parser', 'simple');
  app.use(nameRequest(ctx.logger));
  app.use(protect(ctx.config.http.baseUrl?.startsWith('https:') ?? false));
  app.use(limitRequests(ctx.config.http.requestsPerMinute));
  app.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.use(mount(express.Router({ caseSensitive: true, strict: true }), routes, ctx));
  for (const page of pages) app.use(page);
  app.use(noSuchPath);
  app.use(answerProblems(ctx.logger));
  return app;
}
