import Joi from 'joi';
import { routeFor } from '../kernel/route.js';
import type { AuditContext } from './context.js';
import {
  type CheckpointPageRequest,
  type CheckpointPageView,
  listCheckpoints,
  type SignatureView,
} from './list-checkpoints.js';

/** Checkpoints on a page at most. */
const PAGE_LIMIT = 200;

const text = Joi.string().required();

const signatures = Joi.array()
  .items(
    Joi.object<SignatureView>({
      name: text.description('Name of the key'),
      keyId: text.description('Id of the key, eight hexadecimal digits'),
      holds: Joi.boolean().description('Whether it holds; missing where the key is not known here'),
      at: Joi.string().isoDate().description('When the witness says that it signed, UTC'),
    }),
  )
  .required();

export const checkpointRoutes = [
  routeFor<AuditContext>()({
    id: 'listAuditCheckpoints',
    method: 'get',
    path: '/api/audit/checkpoints',
    tag: 'audit',
    summary: 'What was signed of the audit log, newest first: sizes and hashes, no event',
    access: { permission: 'audit.read' },
    query: Joi.object<CheckpointPageRequest>({
      limit: Joi.number().integer().min(1).max(PAGE_LIMIT).default(50).description('Checkpoints on a page'),
      cursor: Joi.string()
        .pattern(/^(0|[1-9]\d{0,14})$/)
        .description('`next` of the page before'),
    }),
    reply: Joi.object<CheckpointPageView>({
      checkpoints: Joi.array()
        .items(
          Joi.object({
            size: Joi.number().integer().min(0).required().description('Events that it covers'),
            rootHash: text.allow('').description('Root of their tree, base64 (RFC 9162, 2.1.1)'),
            at: text.isoDate().description('When it was signed, UTC'),
            note: text.allow('').description('The signed note (C2SP tlog-checkpoint), with what witnesses added'),
            sound: Joi.boolean()
              .required()
              .description('Whether the note is signed by a key of this log and says what is stored beside it'),
            signatures: signatures.description('By keys of the log'),
            cosignatures: signatures.description('By witnesses outside'),
          }),
        )
        .required()
        .description('Newest first'),
      next: Joi.string().description('Cursor of the next, older page; missing on the last'),
    }),
    handle: (ctx, { query }) => listCheckpoints(ctx, query),
  }),
];
