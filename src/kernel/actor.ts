/** The roles of docs: product's people table. */
export const ROLES = ['customer', 'agent', 'analyst', 'approver', 'compliance', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const STAFF_ROLES = ['agent', 'analyst', 'approver', 'compliance', 'admin'] as const satisfies readonly Role[];

/** Who acts. Every change of state and every audit event names one. */
export interface Actor {
  readonly kind: 'person' | 'anonymous' | 'system';
  /** Person id, or `anonymous`, or the name of the part of the system: `worker`, `cli`. */
  readonly id: string;
  readonly roles: readonly Role[];
  readonly sessionId?: string;
  /** The session passed a second factor; staff without one get nowhere. */
  readonly secondFactor?: boolean;
  /** Source address, as the trusted proxy tells it. Personal data: enters the audit log as a commitment only. */
  readonly address?: string;
  readonly requestId: string;
}

export const systemActor = (id: string, requestId: string): Actor => ({ kind: 'system', id, roles: [], requestId });

export const isStaff = (actor: Actor): boolean =>
  actor.kind === 'person' && actor.roles.some((role) => role !== 'customer');
