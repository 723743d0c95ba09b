import type { Request } from 'express';
import type { Actor } from './actor.js';
import type { AuditDraft } from './audit-draft.js';
import { Problem } from './problem.js';
import type { Access, AnyRoute, Kernel } from './route.js';

/** Tells who calls, and whether they may. */
export interface Gate {
  /** @throws Problem 401 when credentials are there and do not hold; no credentials is `anonymous` */
  identify(request: Request): Promise<Actor>;
  /** @throws Problem 401 or 403 */
  permit(actor: Actor, access: Access): void;
}

export interface GateContext extends Kernel {
  readonly gate: Gate;
}

/**
 * @throws Problem 401 or 403
 * Whoever is signed in and tries what they may not leaves a trace, audited as `access.refused`.
 */
export async function permit<C extends GateContext>(
  { gate, transact }: C,
  { id, access }: AnyRoute<C>,
  actor: Actor,
): Promise<void> {
  try {
    gate.permit(actor, access);
  } catch (error) {
    if (actor.kind === 'person' && error instanceof Problem && error.status === 403)
      await transact(actor, async (tx) => tx.record(accessRefused(id, error.code)));
    throw error;
  }
}

const accessRefused = (operation: string, because: string): AuditDraft => ({
  action: 'access.refused',
  target: { kind: 'operation', id: operation },
  result: 'refused',
  facts: { because },
});
