import type { Refusal } from './guards.js';
import type { EventName, StateName } from './words.js';

/** An event the state does not allow, with what it allows instead. */
export class EventNotAllowed extends Error {
  override readonly name = 'EventNotAllowed';
  readonly state: StateName;
  readonly event: EventName;
  readonly allowed: readonly EventName[];
  /** The guard's reason; null when the state does not know the event. */
  readonly because: Refusal | null;

  constructor(state: StateName, event: EventName, allowed: readonly EventName[], because: Refusal | null) {
    super(`${event} is not allowed in ${state}${because === null ? '' : `: ${because}`}`);
    this.state = state;
    this.event = event;
    this.allowed = allowed;
    this.because = because;
  }
}
