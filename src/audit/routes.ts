import { type Kernel, routeFor } from '../kernel/route.js';
import { listEvents } from './list-events.js';
import { eventPageQuery, eventPageReply, eventParams, eventReply, searchBody, searchReply } from './schema.js';
import { searchEvents } from './search-events.js';
import { showEvent } from './show-event.js';

const route = routeFor<Kernel>();

export const listEventsRoute = route({
  id: 'listAuditEvents',
  method: 'get',
  path: '/api/audit/events',
  tag: 'audit',
  summary: 'One page of the audit log, newest first; the reading is itself audited',
  access: { permission: 'audit.read' },
  query: eventPageQuery,
  reply: eventPageReply,
  errors: ['cursor_not_valid', 'conflict'],
  handle: async (_ctx, { query, act }) => act((tx) => listEvents(tx, query)),
});

const searchEventsRoute = route({
  id: 'searchAuditEvents',
  method: 'post',
  path: '/api/audit/searches',
  tag: 'audit',
  summary:
    'Looks through the audit log, also by role, words and source address, newest first; in a body, because addresses belong in no URL; audited',
  access: { permission: 'audit.read' },
  body: searchBody,
  reply: searchReply,
  errors: ['cursor_not_valid', 'address_not_valid', 'conflict'],
  handle: async (_ctx, { body, act }) => act((tx) => searchEvents(tx, body)),
});

export const showEventRoute = route({
  id: 'showAuditEvent',
  method: 'get',
  path: '/api/audit/events/:eventId',
  tag: 'audit',
  summary:
    'One event with its check and the personal data that still opens its commitments; the reading is itself audited',
  access: { permission: 'audit.read' },
  params: eventParams,
  reply: eventReply,
  errors: ['event_not_found', 'conflict'],
  handle: async (_ctx, { params, act }) => act((tx) => showEvent(tx, params.eventId)),
});

export const auditRoutes = [listEventsRoute, searchEventsRoute, showEventRoute];
