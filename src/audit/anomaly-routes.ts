import Joi from 'joi';
import { type Kernel, routeFor } from '../kernel/route.js';
import { ANOMALY_KINDS } from './anomaly-words.js';
import { CURSOR_MAX_LENGTH } from './cursor.js';
import { type AnomalyRequest, listAnomalies } from './list-anomalies.js';
import type { AnomalyPageView } from './view.js';

const route = routeFor<Kernel>();

const text = Joi.string().required();
const instant = text.isoDate();
const hour = Joi.number().integer().min(0).max(24);

export const anomalyRoutes = [
  route({
    id: 'listAuditAnomalies',
    method: 'get',
    path: '/api/audit/anomalies',
    tag: 'audit',
    summary:
      'What staff did that deserves a look: outside their cases, at odd hours, very often, with young cases, by breaking the glass; audited',
    access: { permission: 'audit.read' },
    query: Joi.object<AnomalyRequest>({
      from: Joi.date().iso().required().description('Earliest instant, inclusive; RFC 3339'),
      to: Joi.date().iso().required().description('Latest instant, exclusive; RFC 3339'),
      dayFrom: hour.default(7).description('Hour at which the working day begins, in the time zone'),
      dayTo: hour.default(22).description('Hour at which it ends; smaller than `dayFrom` when it goes over midnight'),
      timeZone: Joi.string()
        .pattern(/^[A-Za-z][\w+-]{0,30}(\/[\w+-]{1,30}){0,2}$/)
        .default('Asia/Shanghai')
        .description('IANA name of the time zone of the working day'),
      viewsPerHour: Joi.number().integer().min(1).max(100_000).default(60).description('More in an hour is unusual'),
      youngHours: Joi.number().integer().min(1).max(8_760).default(24).description('How long a case is young'),
      cursor: Joi.string()
        .pattern(/^[\w-]+$/)
        .max(CURSOR_MAX_LENGTH)
        .description('`next` of the page before; all else stays the same'),
    }),
    reply: Joi.object<AnomalyPageView>({
      anomalies: Joi.array()
        .items(
          Joi.object({
            kind: text.valid(...ANOMALY_KINDS).description('What is unusual'),
            personId: text.description('Who did it'),
            caseId: Joi.string().description('The case, when it is about one alone'),
            first: instant.description('Its earliest event, UTC'),
            last: instant.description('Its latest event, UTC'),
            count: Joi.number().integer().required().description('Events in it'),
            events: Joi.array().items(Joi.string()).required().description('Ids of them, newest first, 20 at most'),
            says: Joi.object({ 'zh-CN': text.description('In Chinese'), en: text.description('In English') })
              .required()
              .description('What to show'),
          }),
        )
        .required()
        .description('Newest first; a page counts only what it looked through'),
      lookedThrough: Joi.number().integer().required().description('Events looked through for this page'),
      next: Joi.string().description('Cursor to go on from; there may be one though nothing was found yet'),
    }),
    errors: ['cursor_not_valid', 'time_zone_not_valid', 'conflict'],
    handle: async (_ctx, { query, act }) => act((tx) => listAnomalies(tx, query)),
  }),
];
