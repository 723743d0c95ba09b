import Joi from 'joi';
import { type Kernel, routeFor } from '../kernel/route.js';
import { erasureRead } from './erasure-events.js';
import { findErasure } from './erasure-store.js';
import { type ErasureView, erasureView } from './erasure-view.js';
import { ERASURE_GROUNDS, type ErasureGround, GROUND_TEXTS } from './erasure-words.js';
import { orderErasure } from './order-erasure.js';
import { auditProblem } from './problems.js';

const route = routeFor<Kernel>();

const personId = Joi.string().pattern(/^person_[0-9a-f]{24}$/);
const instant = Joi.string().isoDate();
const ground = Joi.string().valid(...ERASURE_GROUNDS);

const erasureReply = Joi.object<ErasureView>({
  id: Joi.string().required().description('Id of the erasure'),
  personId: Joi.string().required().description('Id of the person whose data is erased'),
  ground: ground.required().description('Why'),
  orderedBy: Joi.string().required().description('Id of the person who ordered it'),
  orderedAt: instant.required().description('When, UTC; what was recorded later is not erased by it'),
  erased: Joi.number().integer().required().description('Openings erased so far'),
  kept: Joi.number()
    .integer()
    .required()
    .allow(null)
    .description('Openings kept because their case is under legal hold; null until it is done'),
  doneAt: instant.required().allow(null).description('When it was done, UTC; null while it is under way'),
});

const orderErasureRoute = route({
  id: 'orderErasure',
  method: 'post',
  path: '/api/audit/erasures',
  tag: 'audit',
  summary:
    'Erases, for good, what the audit log can still tell of a person; events and proofs stay, and so does what is under legal hold',
  access: { permission: 'audit.erase' },
  body: Joi.object<{ personId: string; ground: ErasureGround }>({
    personId: personId.required().description('Id of the person'),
    ground: ground.required().description('Why'),
  }),
  status: 202,
  reply: erasureReply,
  idempotent: true,
  errors: ['conflict'],
  stepUp: {
    subject: async (_ctx, { body }) => ({ about: body.personId }), // an id and nothing else: the pattern says so
    confirms: ({ about, body }) => ({
      'zh-CN': `${GROUND_TEXTS[body.ground]['zh-CN']}，永久抹除审计记录中 ${about} 的个人信息`,
      en: `erase for good the personal data of ${about} in the audit log, ${GROUND_TEXTS[body.ground].en}`,
    }),
  },
  handle: async (_ctx, { body, act }) => act((tx) => orderErasure(tx, body.personId, body.ground)),
});

const showErasureRoute = route({
  id: 'showErasure',
  method: 'get',
  path: '/api/audit/erasures/:erasureId',
  tag: 'audit',
  summary: 'How far an erasure is, and how much was kept; the reading is itself audited',
  access: { permission: 'audit.read' },
  params: Joi.object<{ erasureId: string }>({
    erasureId: Joi.string()
      .pattern(/^erasure_[0-9a-f]{24}$/)
      .required()
      .description('Id of the erasure'),
  }),
  reply: erasureReply,
  errors: ['erasure_not_found', 'conflict'],
  handle: async (_ctx, { params, act }) =>
    act(async (tx) => {
      const doc = await findErasure(tx, params.erasureId);
      if (!doc) throw auditProblem('erasure_not_found');
      tx.record(erasureRead(doc));
      return erasureView(doc);
    }),
});

export const erasureRoutes = [orderErasureRoute, showErasureRoute];
