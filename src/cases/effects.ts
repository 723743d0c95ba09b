import {
  orderRemedy,
  RELEASE_JOB,
  requestFreeze,
  requestFreezeAgain,
  requestRelease,
  WITHDRAWAL_SCOPES,
} from '../accounts/index.js';
import { HOUR } from '../kernel/clock.js';
import { pageStaff } from '../kernel/page-staff.js';
import type { Tx } from '../kernel/transact.js';
import type { Definition, Effect } from '../workflow/index.js';
import type { CaseEvent } from './case-event.js';
import type { CaseContext } from './context.js';
import { caseClosed } from './events.js';
import { accountOf } from './facts.js';
import { tell, tellOwner } from './notify.js';
import type { CaseDoc } from './words.js';

/** What effects change in the case itself; written together with the new state. */
export function changedByEffects(doc: CaseDoc, event: CaseEvent, effects: readonly Effect[], now: Date): CaseDoc {
  let changed = doc;
  for (const { type } of effects) changed = changedBy(type, changed, event, now);
  return changed;
}

function changedBy(type: Effect['type'], doc: CaseDoc, event: CaseEvent, now: Date): CaseDoc {
  if (type === 'newIdentityRound') return { ...doc, identityRound: doc.identityRound + 1 };
  if (type === 'close') {
    const { openKey: _, ...rest } = doc;
    if (event.outcome === undefined) throw new Error('a case is closed with an outcome');
    return { ...rest, outcome: event.outcome, closedAt: now };
  }
  if (type === 'reopen') {
    const { outcome: _, closedAt: __, ...rest } = doc;
    return { ...rest, identityRound: doc.identityRound + 1 };
  }
  return doc;
}

interface Setting {
  readonly ctx: CaseContext;
  readonly doc: CaseDoc;
  readonly definition: Definition;
  readonly event: CaseEvent;
}

/** Does, in the same transaction, what a transition asks for beyond the case itself. */
export async function carryOutEffects(tx: Tx, setting: Setting, effects: readonly Effect[]): Promise<void> {
  for (const effect of effects) await carryOut(tx, setting, effect);
}

async function carryOut(tx: Tx, setting: Setting, { type, params }: Effect): Promise<void> {
  const { ctx, doc, definition, event } = setting;
  switch (type) {
    case 'requestFreeze':
      if (event.again !== undefined) return freezeAgain(tx, event.again);
      return freeze(tx, doc, 'freeze', event.freeze ?? (definition.freeze as FreezeTerms));
    case 'requestHold':
      return freeze(tx, doc, 'hold', { scopes: WITHDRAWAL_SCOPES, hours: ctx.config.reports.holdHours });
    case 'orderRemedy':
      for (const kind of event.remedies ?? []) {
        const remedy = await orderRemedy(tx, {
          caseId: doc._id,
          caseNumber: doc.number,
          accountId: accountOf(doc),
          kind,
        });
        tx.enqueue({ name: 'carry-out-remedy', payload: { remedyId: remedy._id } });
      }
      return;
    case 'requestRelease':
      return release(tx, doc, event.approvalId);
    case 'tell':
      return tell(tx, ctx, doc, definition, params.template ?? '', event);
    case 'tellOwner':
      return tellOwner(tx, ctx, doc, event.freezeId ?? '');
    case 'pageStaff':
      return pageStaff(tx, ctx, doc.number, params.reason ?? '');
    case 'close':
      return tx.record(caseClosed(doc));
    case 'newIdentityRound':
    case 'reopen':
    case 'note':
      return;
  }
}

type FreezeTerms = NonNullable<CaseEvent['freeze']>;

async function freeze(
  tx: Tx,
  doc: CaseDoc,
  kind: 'freeze' | 'hold',
  { scopes, hours, capped }: FreezeTerms,
): Promise<void> {
  const { _id: freezeId } = await requestFreeze(tx, {
    caseId: doc._id,
    caseNumber: doc.number,
    accountId: accountOf(doc),
    scopes,
    kind,
    capped,
    expiresAt: new Date(tx.now.getTime() + hours * HOUR),
  });
  tx.enqueue({ name: 'freeze-account', payload: { freezeId } });
}

async function freezeAgain(tx: Tx, freezeId: string): Promise<void> {
  await requestFreezeAgain(tx, freezeId);
  tx.enqueue({ name: 'freeze-account', payload: { freezeId } });
}

/** All that the case ever froze, failed freezes and holds too: what they may have left behind goes with the rest. */
async function release(tx: Tx, doc: CaseDoc, approvalId: string | undefined): Promise<void> {
  if (approvalId === undefined) throw new Error('a release needs its approval');
  for (const { _id: freezeId, state } of await requestRelease(tx, { caseId: doc._id, approvalId }))
    if (state === 'release-pending')
      tx.enqueue({ name: RELEASE_JOB, payload: { freezeId }, key: `release ${freezeId}` });
}
