import type { RemedyKind, Scope } from '../accounts/index.js';
import type { JsonValue } from '../kernel/audit-draft.js';
import type { EventName } from '../workflow/index.js';
import type { Outcome } from './words.js';

/** An event of the workflow with what its effects need. */
export interface CaseEvent {
  readonly type: EventName;
  /** For `requestFreeze`; without it the defaults of the workflow. */
  readonly freeze?: { readonly scopes: readonly Scope[]; readonly hours: number; readonly capped?: boolean };
  /** For `requestFreeze`: ask again for this freeze instead of for another. */
  readonly again?: string;
  /** The freeze or hold that an answer of the exchange is about. */
  readonly freezeId?: string;
  /** For `orderRemedy`. */
  readonly remedies?: readonly RemedyKind[];
  /** For `requestRelease`. */
  readonly approvalId?: string;
  /** For `close`. */
  readonly outcome?: Outcome;
  /** What the notice of this event says besides the case number; only what the template takes. */
  readonly told?: Readonly<Record<string, JsonValue>>;
}
