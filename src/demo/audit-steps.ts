import type { Caller } from './caller.js';
import { holds, type Step } from './scene.js';

/** What the story reads of an audit event. */
export interface EventAnswer {
  readonly id: string;
  readonly event: { readonly action: string; readonly facts: Readonly<Record<string, unknown>> };
  readonly faults: readonly string[];
}

/** The acts that must stand in the log for the story to be proven. */
const ACTS = [
  'report.received',
  'case.opened',
  'freeze.requested',
  'freeze.confirmed',
  'identity-check.passed',
  'release.proposed',
  'release.approved',
  'case.closed',
];

export const audit: Step = {
  name: 'compliance reads every step in the audit log',
  play: async (scene) => {
    const events = await readAudit(scene.cast.compliance.caller, scene.caseId);
    const actions = events.map(({ event }) => event.action);
    const missing = ACTS.filter((act) => !actions.includes(act));
    holds(missing.length === 0, `the log lacks ${missing.join(', ')}`);
    scene.learn({ auditEvents: events.length });
  },
};

/** Every event about a case, newest first. */
export async function readAudit(compliance: Caller, caseId: string): Promise<EventAnswer[]> {
  const events: EventAnswer[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = new URLSearchParams({ caseId, limit: '200', ...(cursor ? { cursor } : {}) });
    const path = `/api/audit/events?${query}`;
    const page = await compliance.ask<{ events: EventAnswer[]; next?: string }>('GET', path);
    events.push(...page.events);
    cursor = page.next;
    if (!cursor) return events;
  }
}
