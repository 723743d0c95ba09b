import { type FreezeDoc, holds, openFreezesOfAccount } from '../accounts/index.js';
import { readPerson } from '../identity/index.js';
import type { Actor } from '../kernel/actor.js';
import type { CaseContext } from './context.js';

export interface HoldView {
  freezeId: string;
  caseNumber: string;
  scopes: readonly string[];
  state: string;
  requestedAt: string;
  expiresAt: string;
}

/** The holds that somebody's report put on the own account, so that the owner can cancel them. */
export async function ownHolds(ctx: CaseContext, actor: Actor): Promise<{ holds: HoldView[] }> {
  const person = await readPerson(ctx.db, actor.id);
  if (!person?.accountId) return { holds: [] };
  const freezes = await openFreezesOfAccount(ctx.db, person.accountId);
  return { holds: freezes.filter(isLiveHold).map(holdView) };
}

const isLiveHold = ({ kind, state }: FreezeDoc): boolean => kind === 'hold' && holds(state);

const holdView = ({ _id, caseNumber, scopes, state, requestedAt, expiresAt }: FreezeDoc): HoldView => ({
  freezeId: _id,
  caseNumber,
  scopes,
  state,
  requestedAt: requestedAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
});
