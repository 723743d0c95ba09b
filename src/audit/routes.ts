import { type Kernel, routeFor } from '../kernel/route.js';
import { listEvents } from './list-events.js';
import { eventPageQuery, eventPageReply, eventParams, eventReply } from './schema.js';
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

export const auditRoutes = [listEventsRoute, showEventRoute];
