import type { JsonValue } from '../../kernel/audit-draft.js';
import type { Placed } from '../bundle-source.js';
import { readEvent } from '../verify-event.js';

const VERSION = '1.6.0';
const CATEGORY = 6; // Application Activity
const CLASS = 6003; // API Activity
const OTHER = 99; // activity_id: create, read, update and delete are too few words for what is done here
const INFORMATIONAL = 1;
const LOW = 2;
const HIGH = 4;
const SUCCESS = 1;
const FAILURE = 2;

/** One event as those outside read it. */
export interface StreamRecord {
  readonly at: string;
  /** What happened, as the event names it. */
  readonly action: string;
  /** `lost`: the store does not hold it any more, or not as an event. */
  readonly result: 'done' | 'refused' | 'lost';
  /** One line of JSON. */
  readonly line: string;
}

/**
 * The event at a place of the log in the words of OCSF, with the bytes that were hashed in `raw_data`: whoever has it can check
 * it against the log. Holds what the event itself holds, so its personal data are commitments.
 *
 * Source: OCSF 1.6.0, class API Activity.
 */
export function ocsfRecord({ index, id, bytes }: Placed, log: string, now: Date): StreamRecord {
  const event = bytes && readEvent(bytes);
  const product = { name: 'Firebreak', vendor_name: 'Firebreak' };
  const common = {
    activity_id: OTHER,
    category_uid: CATEGORY,
    category_name: 'Application Activity',
    class_uid: CLASS,
    class_name: 'API Activity',
    type_uid: CLASS * 100 + OTHER,
  };
  if (!event) {
    const message = `event ${index} of the log cannot be read any more`;
    const line = {
      ...common,
      activity_name: 'audit.event-lost',
      severity_id: HIGH,
      status_id: FAILURE,
      time: now.getTime(),
      message,
      metadata: { version: VERSION, product, log_name: log, sequence: index, uid: id || `${log}#${index}` },
      actor: { app_name: 'firebreak' },
      api: { operation: 'audit.event-lost' },
      src_endpoint: { name: 'firebreak' },
    };
    return { at: now.toISOString(), action: 'audit.event-lost', result: 'lost', line: JSON.stringify(line) };
  }
  const { actor, action, target } = event;
  const refused = event.result === 'refused';
  const line = {
    ...common,
    activity_name: action,
    severity_id: refused ? LOW : INFORMATIONAL,
    status_id: refused ? FAILURE : SUCCESS,
    status: event.result,
    time: Date.parse(event.at),
    message: `${action} by ${actor.kind} ${actor.id}`,
    metadata: {
      version: VERSION,
      product,
      log_name: log,
      sequence: index,
      uid: event.id,
      event_code: action,
      original_time: event.at,
      correlation_uid: event.requestId,
    },
    actor: {
      user: { uid: actor.id, type: actor.kind, groups: actor.roles.map((name) => ({ name })) },
    },
    api: { operation: action, request: { uid: event.requestId } },
    src_endpoint: { name: 'committed to in raw_data' }, // the address is a personal datum
    ...(target && { resources: [{ type: target.kind, uid: target.id }] }),
    unmapped: {
      ...(event.caseId !== undefined && { case_id: event.caseId }),
      ...(event.accountId !== undefined && { account_id: event.accountId }),
      facts: event.facts satisfies { readonly [name: string]: JsonValue },
    },
    raw_data: Buffer.from(bytes).toString('utf8'),
  };
  return { at: event.at, action, result: event.result, line: JSON.stringify(line) };
}
