import Joi from 'joi';
import { routeFor } from '../kernel/route.js';
import { formatKey } from '../proof/index.js';
import { noteOf } from './checkpoints.js';
import type { AuditContext } from './context.js';
import { newestCheckpoint } from './log-store.js';
import { auditProblem } from './problems.js';
import { proveEvent } from './prove-event.js';
import { eventParams } from './schema.js';

const route = routeFor<AuditContext>();
const TEXT = 'text/plain; charset=utf-8';

// What the log publishes: hashes and signatures, no event. With them anybody can hold us to what we said before.

const checkpointRoute = route({
  id: 'readAuditCheckpoint',
  method: 'get',
  path: '/audit/checkpoint',
  tag: 'audit',
  summary: 'The newest checkpoint of the audit log, a signed note (C2SP tlog-checkpoint)',
  access: 'public',
  raw: TEXT,
  errors: ['not_in_log_yet'],
  handle: async ({ db }, { response }) => {
    const newest = await newestCheckpoint(db);
    if (!newest) throw auditProblem('not_in_log_yet', { headers: { 'Retry-After': '1' } });
    response.set('Cache-Control', 'no-cache').type(TEXT).send(noteOf(newest));
  },
});

const keysRoute = route({
  id: 'readAuditKeys',
  method: 'get',
  path: '/audit/keys',
  tag: 'audit',
  summary:
    'The public keys of the audit log. Keep them somewhere else than here: who could change the log could change this',
  access: 'public',
  reply: Joi.object({
    origin: Joi.string().required().description('Name of the log in what it signs'),
    keys: Joi.array()
      .items(Joi.string())
      .required()
      .description('Keys that the log had, oldest first, as `name+id+base64` (C2SP signed-note)'),
    successions: Joi.array()
      .items(Joi.string())
      .required()
      .description('Signed notes in which a key names the one after it'),
  }),
  handle: async ({ auditLog }) => {
    const { origin, all, successions } = await auditLog.keys();
    return { origin, keys: all.map(formatKey), successions: [...successions] };
  },
});

const proofRoute = route({
  id: 'readAuditProof',
  method: 'get',
  path: '/audit/proof/:eventId',
  tag: 'audit',
  summary: 'That an event whose receipt you hold is in the log (C2SP tlog-proof), without what it says',
  access: 'public',
  params: eventParams,
  raw: TEXT,
  errors: ['event_not_found', 'not_in_log_yet'],
  handle: async ({ db }, { params, response }) => {
    response
      .set('Cache-Control', 'no-cache')
      .type(TEXT)
      .send(await proveEvent(db, params.eventId));
  },
});

export const logRoutes = [checkpointRoute, keysRoute, proofRoute];
