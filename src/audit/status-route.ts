import Joi from 'joi';
import { type Kernel, routeFor } from '../kernel/route.js';
import { readStatus } from './read-status.js';

const count = (what: string) => Joi.number().integer().min(0).required().description(what);
const instant = (what: string) => Joi.string().isoDate().required().description(what);
const maybe = (schema: Joi.Schema, what: string) =>
  Joi.alternatives(schema, Joi.valid(null)).required().description(what);
const to = Joi.string().required().description('Who it is; no secret');
const failures = count('Tries that failed since');

const statusReply = Joi.object({
  size: count('Events that have their place in the log'),
  waiting: count('Acts whose events have none yet'),
  checkpoint: maybe(
    Joi.object({ size: count('Events that it covers'), at: instant('When it was signed') }),
    'The newest checkpoint',
  ),
  witnesses: Joi.array()
    .items(
      Joi.object({
        to,
        size: count('Events that the newest checkpoint covers which it has'),
        behind: count('Events that the newest checkpoint covers beyond that'),
        at: instant('When it took it'),
        failures,
        refused: maybe(Joi.string(), 'Why it refused the log; null when it did not'),
      }),
    )
    .required()
    .description('Who gets checkpoints'),
  streams: Joi.array()
    .items(
      Joi.object({
        to,
        sent: count('Events that it has taken'),
        behind: count('Events that it has not'),
        oldest: maybe(Joi.string().isoDate(), 'When the oldest of these happened'),
        at: maybe(Joi.string().isoDate(), 'When it last took some'),
        failures,
        trouble: maybe(Joi.string(), 'Why the last try failed; null when it did not'),
      }),
    )
    .required()
    .description('Who gets events: the SIEM of now, and those of before'),
});

const statusRoute = routeFor<Kernel>()({
  id: 'readAuditStatus',
  method: 'get',
  path: '/api/audit/status',
  tag: 'audit',
  summary: 'How far the audit log is signed, and how far behind witnesses and the SIEM are',
  access: { permission: 'audit.read' },
  reply: statusReply,
  handle: ({ db }) => readStatus(db),
});

export const statusRoutes = [statusRoute];
