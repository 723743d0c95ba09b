import { accountVersion } from '../accounts/index.js';
import type { Actor } from '../kernel/actor.js';
import type { StepUpRule } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import { caseFor } from './case-for.js';
import type { CaseContext } from './context.js';
import { showCase } from './get-case.js';
import * as reply from './reply-shapes.js';
import * as shape from './request-shapes.js';
import type { CaseDoc } from './words.js';

/** Acts on the account are re-verified for this case, this account, and the account as it is now. */
export const onTheAccount = {
  subject: async (ctx: CaseContext, { params, actor }: { params: { caseId: string }; actor: Actor }) => {
    const { _id: caseId, number: about, accountId } = await caseFor(ctx.db, actor, params.caseId);
    if (accountId === undefined) return { caseId, about };
    return { caseId, about, accountId, accountVersion: await accountVersion(ctx.db, accountId) };
  },
} satisfies Pick<StepUpRule<CaseContext, { caseId: string }, unknown>, 'subject'>;

/** Acts on the case alone. */
export const onTheCase = {
  subject: async (ctx: CaseContext, { params, actor }: { params: { caseId: string }; actor: Actor }) => {
    const { _id: caseId, number: about } = await caseFor(ctx.db, actor, params.caseId);
    return { caseId, about };
  },
} satisfies Pick<StepUpRule<CaseContext, { caseId: string }, unknown>, 'subject'>;

/** Runs a verb and answers with the case as it left it. */
export const shown = async (tx: Tx, ctx: CaseContext, doc: Promise<CaseDoc>) => showCase(tx, ctx, tx.actor, await doc);

export const staffAct = {
  method: 'post',
  tag: 'cases',
  params: shape.caseParams,
  reply: reply.caseReply,
  idempotent: true,
} as const;
export const REFUSALS = ['case_not_found', 'own_case', 'event_not_allowed'] as const;
