import { systemActor } from '../kernel/actor.js';
import type { AuditDraft } from '../kernel/audit-draft.js';
import { newId } from '../kernel/ids.js';
import type { Kernel } from '../kernel/route.js';

/** Why staff are called because of the log itself. */
export const ALARMS = ['log-damaged', 'witness-refused'] as const;
export type Alarm = (typeof ALARMS)[number];

const alarmRaised = (reason: Alarm, what: string): AuditDraft => ({
  action: 'audit.alarm-raised',
  facts: { reason, what },
});

/**
 * Calls staff because the log is not what was signed, or because a witness says so.
 *
 * @param what  for those who look into it; no personal data
 * Audited as `audit.alarm-raised`.
 */
export async function raiseAlarm(
  { transact, config }: Pick<Kernel, 'transact' | 'config'>,
  reason: Alarm,
  what: string,
): Promise<void> {
  await transact(systemActor('worker', newId('audit')), async (tx) => {
    tx.record(alarmRaised(reason, what));
    const { staffTo: to, staffLocale: locale } = config.mail;
    const params = { reason, at: tx.now.toISOString() };
    tx.enqueue({ name: 'send-notice', payload: { template: 'audit-alarm', to, locale, params } });
  });
}
