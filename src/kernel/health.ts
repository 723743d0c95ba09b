import Joi from 'joi';
import type { Doorbell } from './doorbell.js';
import { kernelProblem } from './problem.js';
import { type Kernel, routeFor } from './route.js';

export interface HealthContext extends Kernel {
  readonly doorbell: Doorbell | undefined;
  /** Set once the process has begun to stop. */
  readonly stopping: boolean;
}

const route = routeFor<HealthContext>();

const up = (what: string) => Joi.string().valid('up', 'down', 'none').required().description(what);

export const healthRoutes = [
  route({
    id: 'readHealth',
    method: 'get',
    path: '/healthz',
    tag: 'health',
    summary: 'Says that the process lives; asks nothing else',
    access: 'public',
    reply: Joi.object({ status: Joi.string().valid('alive').required().description('Always `alive`') }),
    handle: async () => ({ status: 'alive' }),
  }),
  route({
    id: 'readReadiness',
    method: 'get',
    path: '/readyz',
    tag: 'health',
    summary: 'Says whether requests can be served now',
    access: 'public',
    reply: Joi.object({
      status: Joi.string().valid('ready').required().description('Requests can be served'),
      store: up('The document store'),
      redis: up('The doorbell of the workers. While it is down jobs wait for the sweep, nothing is lost'),
    }),
    errors: ['unavailable'],
    handle: async (ctx) => {
      if (ctx.stopping) throw kernelProblem('unavailable', { detail: 'Stopping', headers: { 'Retry-After': '5' } });
      await ctx.db.connection.db?.admin().ping();
      const redis = ctx.doorbell ? ((await ctx.doorbell.ready()) ? 'up' : 'down') : 'none';
      return { status: 'ready', store: 'up', redis };
    },
  }),
];
