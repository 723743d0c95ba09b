import { accountVersion } from '../accounts/index.js';
import { FILES_FIELD, receiveUpload, UPLOAD_PROBLEMS } from '../evidence/index.js';
import { readPerson } from '../identity/index.js';
import { type AnyRoute, routeFor } from '../kernel/route.js';
import type { ReportContext } from './context.js';
import { copyCase } from './copy-case.js';
import { disownSecurityChange } from './disown-security-change.js';
import { caseParams, copyReply, reportsReply } from './kept-report-schema.js';
import { limitReports } from './limits.js';
import { reportProblem } from './problems.js';
import { readReports } from './read-reports.js';
import { disownBody, disownReply, reportBody, reportReply } from './schema.js';
import { submitReport } from './submit-report.js';

const route = routeFor<ReportContext>();

/** The form field that carries the report of a multipart body, as JSON. */
const REPORT_FIELD = 'report';

export const reportRoutes: readonly AnyRoute<ReportContext>[] = [
  route({
    id: 'submitReport',
    method: 'post',
    path: '/api/reports',
    tag: 'reports',
    summary: 'Report an incident, signed in or not, with up to 10 files',
    access: 'public',
    before: [limitReports, receiveUpload(REPORT_FIELD)],
    multipart: { field: REPORT_FIELD, files: FILES_FIELD },
    body: reportBody,
    status: 201,
    reply: reportReply,
    errors: [...reportProblem.codes, ...UPLOAD_PROBLEMS, 'not_signed_in'],
    idempotent: true,
    stepUp: {
      optional: true,
      confirms: () => ({
        'zh-CN': '提交关于您账户的报告；情况紧急时，账户会立即被冻结',
        en: 'send a report about your account, which freezes it at once when it is urgent',
      }),
      subject: async (ctx, { actor }) => {
        const accountId = actor.kind === 'person' ? (await readPerson(ctx.db, actor.id))?.accountId : undefined;
        return accountId === undefined ? {} : { accountId, accountVersion: await accountVersion(ctx.db, accountId) };
      },
    },
    handle: async (ctx, input) => submitReport(ctx, input),
  }),
  route({
    id: 'disownSecurityChange',
    method: 'post',
    path: '/api/security-changes/disownments',
    tag: 'reports',
    summary:
      'Say, by the link of a notice, that a security change was somebody else: sessions end, withdrawals are held',
    access: 'public',
    idempotent: true,
    body: disownBody,
    status: 202,
    reply: disownReply,
    errors: ['link_refused', 'too_many_requests'],
    handle: async (ctx, input) => disownSecurityChange(ctx, input, input.body),
  }),
  route({
    id: 'readReports',
    method: 'get',
    path: '/api/cases/:caseId/reports',
    tag: 'reports',
    summary: "What was reported, in the reporters' words; customers see their own",
    access: { permission: 'case.read' },
    params: caseParams,
    reply: reportsReply,
    errors: ['case_not_found'],
    handle: async (ctx, { actor, params, act }) => readReports(ctx, actor, params.caseId, act),
  }),
  route({
    id: 'copyCase',
    method: 'get',
    path: '/api/cases/:caseId/copy',
    tag: 'reports',
    summary: 'The own case as one document to keep: where it stands, reports, messages, evidence by hash',
    access: 'signed-in',
    params: caseParams,
    reply: copyReply,
    errors: ['case_not_found'],
    handle: async (ctx, { actor, params, act }) => copyCase(ctx, actor, params.caseId, act),
  }),
];
