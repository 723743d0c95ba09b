import { once } from 'node:events';
import type { Response } from 'express';
import Joi from 'joi';
import { routeFor } from '../kernel/route.js';
import { placesOf } from './bundle-source.js';
import { checkpointCovering } from './checkpoints.js';
import type { AuditContext } from './context.js';
import { logExported, proofTaken } from './export-events.js';
import { newestCheckpoint } from './log-store.js';
import { auditProblem } from './problems.js';
import { proveEvent } from './prove-event.js';
import { eventParams } from './schema.js';
import { findEvent, findEvents } from './store.js';
import { openBundle } from './write-bundle.js';

const route = routeFor<AuditContext>();

const eventProofRoute = route({
  id: 'takeAuditProof',
  method: 'get',
  path: '/api/audit/events/:eventId/proof',
  tag: 'audit',
  summary: 'One event and the proof that it is in the log, in one file (C2SP tlog-proof); the taking is itself audited',
  access: { permission: 'audit.read' },
  params: eventParams,
  raw: 'text/plain; charset=utf-8',
  errors: ['event_not_found', 'not_in_log_yet', 'conflict'],
  handle: async ({ db }, { params: { eventId }, act, response }) => {
    const row = await findEvent({ ...db }, eventId);
    if (!row) throw auditProblem('event_not_found');
    const proof = await proveEvent(db, eventId, row.bytes);
    await act(async (tx) => tx.record(proofTaken(eventId)));
    response.attachment(`${eventId}.tlog-proof`).type('text/plain; charset=utf-8').send(proof);
  },
});

const caseBundleRoute = route({
  id: 'exportCaseAudit',
  method: 'post',
  path: '/api/audit/cases/:caseId/bundle',
  tag: 'audit',
  summary:
    'Everything the log has about a case: events, personal data that is not erased, proofs, checkpoint and keys, in one file that `firebreak audit verify` and the page /verify check',
  access: { permission: 'audit.export' },
  params: Joi.object<{ caseId: string }>({
    caseId: Joi.string()
      .pattern(/^case_[0-9a-f]{24}$/)
      .required()
      .description('Id of the case'),
  }),
  raw: 'application/x-ndjson',
  errors: ['event_not_found', 'not_in_log_yet', 'conflict'],
  stepUp: {
    confirms: ({ about }) => ({
      'zh-CN': `导出案件 ${about} 的全部审计记录和个人信息`,
      en: `export everything that the audit log has about case ${about}, personal data too`,
    }),
    subject: async ({ db }, { params: { caseId } }) => {
      const [row] = await findEvents({ ...db }, { caseId }, undefined, 1);
      if (row?.caseId === undefined) throw auditProblem('event_not_found');
      return { caseId: row.caseId, about: row.caseId };
    },
  },
  handle: async ({ db, auditLog }, { params: { caseId }, act, response }) => {
    const newest = await newestCheckpoint(db);
    if (!newest) throw auditProblem('not_in_log_yet', { headers: { 'Retry-After': '1' } });
    const last = (await placesOf(db, { caseId }, newest._id)).at(-1);
    const checkpoint = (last !== undefined && (await checkpointCovering(db, last))) || newest;
    await act(async (tx) => tx.record(logExported({ caseId }, true)));
    const keys = await auditLog.keys();
    const bundle = await openBundle(db, { caseId, checkpoint, keys, openings: true });
    response.attachment(`${caseId}.audit.ndjson`).type('application/x-ndjson');
    for await (const { text } of bundle.lines()) await send(response, text);
    response.end();
  },
});

/** Waits for whoever reads slowly; one who is gone ends it. */
async function send(response: Response, text: string): Promise<void> {
  if (response.destroyed) throw new Error('the reader is gone');
  if (!response.write(text)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
}

export const exportRoutes = [eventProofRoute, caseBundleRoute];
