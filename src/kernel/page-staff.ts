import type { Kernel } from './route.js';
import type { Tx } from './transact.js';

/**
 * Calls staff to a case by mail, in the language that STAFF_LOCALE names.
 *
 * @param reason a code; the mail says in words what it means and never more
 */
export function pageStaff(tx: Tx, { config }: Pick<Kernel, 'config'>, caseNumber: string, reason: string): void {
  const { staffTo: to, staffLocale: locale } = config.mail;
  const params = { caseNumber, reason, at: tx.now.toISOString() };
  tx.enqueue({ name: 'send-notice', payload: { template: 'staff-page', to, locale, params } });
}
