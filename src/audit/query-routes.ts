import Joi from 'joi';
import { type Kernel, routeFor } from '../kernel/route.js';
import { forgetQuery, listQueries, type SavedQueryView, saveQuery } from './saved-queries.js';
import { searchFilters } from './schema.js';
import type { GivenFilter } from './search-events.js';

const route = routeFor<Kernel>();

const access = { permission: 'audit.read' };
const filter = Joi.object<GivenFilter>(searchFilters).required();
const name = Joi.string().min(1).max(100).required().description('What its owner calls it');

const savedQuery = Joi.object<SavedQueryView>({
  id: Joi.string().required().description('Id of the query; a search may name it'),
  name,
  filter: filter.description('What it looks for, as `searchAuditEvents` takes it'),
  savedAt: Joi.string().isoDate().required().description('When it was saved, UTC'),
});

export const queryRoutes = [
  route({
    id: 'saveAuditQuery',
    method: 'post',
    path: '/api/audit/queries',
    tag: 'audit',
    summary: 'Keeps a search of the audit log under a name, for the caller alone',
    access,
    body: Joi.object<{ name: string; filter: GivenFilter }>({
      name,
      filter: filter.description('What it looks for, as `searchAuditEvents` takes it'),
    }),
    status: 201,
    reply: savedQuery,
    idempotent: true,
    errors: ['address_not_valid', 'query_name_taken', 'queries_full', 'conflict'],
    handle: async (_ctx, { body, act }) => act((tx) => saveQuery(tx, body.name, body.filter)),
  }),
  route({
    id: 'listAuditQueries',
    method: 'get',
    path: '/api/audit/queries',
    tag: 'audit',
    summary: 'The searches of the audit log that the caller has kept',
    access,
    reply: Joi.object({ queries: Joi.array().items(savedQuery).required().description('By name') }),
    handle: async ({ db }, { actor }) => ({ queries: await listQueries(db, actor.id) }),
  }),
  route({
    id: 'forgetAuditQuery',
    method: 'delete',
    path: '/api/audit/queries/:queryId',
    tag: 'audit',
    summary: 'Forgets a search of the audit log that the caller has kept',
    access,
    params: Joi.object<{ queryId: string }>({
      queryId: Joi.string()
        .pattern(/^query_[0-9a-f]{24}$/)
        .required()
        .description('Id of the query'),
    }),
    status: 204,
    errors: ['query_not_found', 'conflict'],
    handle: async (_ctx, { params, act }) => act((tx) => forgetQuery(tx, params.queryId)),
  }),
];
