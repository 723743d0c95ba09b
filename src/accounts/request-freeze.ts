import { newId } from '../kernel/ids.js';
import type { Tx } from '../kernel/transact.js';
import { freezeRequested } from './events.js';
import { type FreezeDoc, insertFreeze, nextGeneration } from './store.js';
import { type FreezeKind, SCOPES, type Scope, WITHDRAWAL_SCOPES } from './words.js';

export interface FreezeRequest {
  readonly caseId: string;
  readonly caseNumber: string;
  readonly accountId: string;
  /** At least one; a hold takes withdrawal scopes only. */
  readonly scopes: readonly Scope[];
  readonly kind: FreezeKind;
  /** Ordered by staff who may freeze for a day and not extend. */
  readonly capped?: boolean | undefined;
  /** UTC. From then on the freeze is released by itself. */
  readonly expiresAt: Date;
}

/** The call a decision makes at the exchange: one name per freeze and generation, whoever sends it and however often. */
export const operationIdOf = (id: string, generation: number): string => `op_${id}_g${generation}`;

/**
 * Decides to freeze scopes of an account; nothing is frozen until the exchange has confirmed it.
 *
 * The caller enqueues what carries it out. @returns the freeze in state `requested`
 * Audited as `freeze.requested`.
 */
export async function requestFreeze(tx: Tx, request: FreezeRequest): Promise<FreezeDoc> {
  const allowed: readonly Scope[] = request.kind === 'hold' ? WITHDRAWAL_SCOPES : SCOPES;
  const scopes = SCOPES.filter((scope) => request.scopes.includes(scope));
  if (scopes.length === 0 || !scopes.every((scope) => allowed.includes(scope)))
    throw new Error(`a ${request.kind} cannot take the scopes ${request.scopes.join(', ') || '(none)'}`);
  const _id = newId('freeze');
  const generation = await nextGeneration(tx, request.accountId);
  const freeze: FreezeDoc = {
    _id,
    caseId: request.caseId,
    caseNumber: request.caseNumber,
    accountId: request.accountId,
    kind: request.kind,
    scopes,
    state: 'requested',
    generation,
    operationId: operationIdOf(_id, generation),
    requestedAt: tx.now,
    requestedBy: tx.actor.id,
    ...(request.capped && { capped: true as const }),
    expiresAt: request.expiresAt,
    applied: [],
    missing: [],
    updatedAt: tx.now,
  };
  await insertFreeze(tx, freeze);
  tx.record(freezeRequested(freeze));
  return freeze;
}
