import Joi from 'joi';
import { type AnyRoute, routeFor } from '../kernel/route.js';
import type { EvidenceContext } from './context.js';
import { listMasterKeys, type MasterKeyView } from './list-master-keys.js';

export const keyRoutes: readonly AnyRoute<EvidenceContext>[] = [
  routeFor<EvidenceContext>()({
    id: 'listMasterKeys',
    method: 'get',
    path: '/api/evidence/master-keys',
    tag: 'evidence',
    summary: 'The master keys of evidence by id, and how many data keys are under each; nothing of the keys themselves',
    access: { permission: 'keys.read' },
    reply: Joi.object({
      keys: Joi.array()
        .items(
          Joi.object<MasterKeyView>({
            id: Joi.string().required().description('Id of the key, as it stands beside what it wrapped'),
            state: Joi.string()
              .valid('active', 'kept', 'lost')
              .required()
              .description('`active` wraps from now on, `kept` only unwraps, `lost` is missing though it is needed'),
            source: Joi.string().valid('own', 'kms').description('Where it lies; missing for one that is lost'),
            dataKeys: Joi.number().integer().min(0).required().description('Data keys under it'),
            madeAt: Joi.string().isoDate().description('When a rotation made it, UTC'),
          }),
        )
        .required()
        .description('The active one first'),
    }),
    handle: async (ctx) => ({ keys: await listMasterKeys(ctx) }),
  }),
];
