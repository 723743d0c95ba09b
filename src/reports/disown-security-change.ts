import { holds, openFreezesOfAccount, WITHDRAWAL_SCOPES } from '../accounts/index.js';
import { type Disowned, disownChange, disownedSince, type Person, readDisownLink } from '../identity/index.js';
import { payloadHash } from '../kernel/canonical.js';
import { DAY, HOUR } from '../kernel/clock.js';
import { hashToken, newId, newToken } from '../kernel/ids.js';
import { pageStaff } from '../kernel/page-staff.js';
import type { Input } from '../kernel/route.js';
import type { Tx } from '../kernel/transact.js';
import { fileReport, reporterKeysOf } from './choose-case.js';
import type { ReportContext } from './context.js';
import { reportReceived } from './events.js';
import { insertReport } from './store.js';
import type { ReportBody, ReportDoc } from './words.js';

/** Holds that links may ask for in a day; a mailbox thief who gets at more links keeps nobody from the money for longer. */
const MOST_HOLDS_PER_DAY = 3;

/** What was done about it, for whoever pressed the button; they may be a thief, so nothing leads into the case. */
export interface DisownReply {
  readonly hold: 'asked' | 'in-force' | 'not-possible';
  readonly caseNumber?: string;
}

/**
 * Does what a "this was not me" link is for, without a sign-in: every session ends, withdrawals are put on hold, and a case
 * opens in the person's name, or the open one learns of it.
 *
 * The link proves a mailbox and nothing more, so it can do no more than a stranger's report: a hold on withdrawals, for
 * HOLD_HOURS, which the owner ends with an old factor. Strangers' holds of the same day do not use it up.
 *
 * @throws Problem `link_refused` · `too_many_requests`
 * Audited as `security-change.disowned` and `report.received`, besides what the case records.
 * Source: docs/decisions/0005-this-was-not-me.md
 */
export async function disownSecurityChange(
  ctx: ReportContext,
  input: Pick<Input, 'actor' | 'act'>,
  { token }: { token: string },
): Promise<DisownReply> {
  const disowned = await readDisownLink(ctx, input, token);
  return input.act(async (tx) => {
    const person = await disownChange(tx, disowned);
    if (person.roles.includes('customer')) return file(tx, ctx, person, disowned);
    alarm(tx, ctx, person);
    return { hold: 'not-possible' };
  });
}

async function file(tx: Tx, ctx: ReportContext, person: Person, { change }: Disowned): Promise<DisownReply> {
  const held = person.accountId !== undefined && (await isHeld(tx, ctx, person.accountId));
  const wanted = person.accountId !== undefined && !held && !(await tooMany(tx, person));
  const body = bodyOf(person, change, wanted);
  const reportId = newId('report');
  const reporter = {
    personId: person._id,
    accountId: person.accountId,
    reporterKeys: reporterKeysOf(person._id, []),
    likeness: [],
    reverified: false,
  };
  // Nobody is given this tracking token: whoever pressed the button may be the thief.
  const { doc, joined } = await fileReport(tx, ctx, { reportId, body, trackingHash: hashToken(newToken()), reporter });
  const { requestHold: _, occurredAt: __, noticedAt: ___, ...told } = body;
  const report: ReportDoc = {
    ...told,
    _id: reportId,
    caseId: doc._id,
    caseNumber: doc.number,
    joined,
    personId: person._id,
    ...(person.accountId !== undefined && { accountId: person.accountId }),
    occurredAt: change.at,
    activity: 'none-named',
    reverified: false,
    disowns: change._id,
    ...(wanted && joined && { hold: { state: 'asked' as const } }),
    reporterKeys: reporter.reporterKeys,
    receivedAt: tx.now,
  };
  insertReport(tx, report);
  tx.record(reportReceived(report, 0, payloadHash(body)));
  if (report.hold) tx.enqueue({ name: 'place-hold', payload: { reportId } });
  pageStaff(tx, ctx, doc.number, 'change-disowned');
  return { hold: wanted ? 'asked' : held ? 'in-force' : 'not-possible', caseNumber: doc.number };
}

/** Whether withdrawals are held already, for at least half as long as the link would hold them. */
async function isHeld(tx: Tx, { config }: ReportContext, accountId: string): Promise<boolean> {
  const until = new Date(tx.now.getTime() + (config.reports.holdHours * HOUR) / 2);
  return (await openFreezesOfAccount(tx, accountId)).some(
    ({ state, scopes, expiresAt }) =>
      holds(state) && expiresAt >= until && WITHDRAWAL_SCOPES.every((scope) => scopes.includes(scope)),
  );
}

/** This one counts already. */
const tooMany = async (tx: Tx, { _id }: Person): Promise<boolean> =>
  (await disownedSince(tx, _id, new Date(tx.now.getTime() - DAY))) > MOST_HOLDS_PER_DAY;

const bodyOf = ({ locale }: Person, { kind, at }: Disowned['change'], requestHold: boolean): ReportBody => ({
  kind: 'account_takeover',
  language: locale,
  occurredAt: at.toISOString(),
  whatHappened:
    locale === 'zh-CN'
      ? `通过通知中的链接声明：这项安全变动不是本人操作（${kind}）。`
      : `Said through the link of a notice that this security change was not theirs (${kind}).`,
  losses: [],
  transactionHashes: [],
  counterpartyAddresses: [],
  compromised: [],
  requestHold,
});

/** Staff have no account to hold; whoever manages people decides about theirs. */
function alarm(tx: Tx, { config }: ReportContext, { _id }: Person): void {
  const { staffTo: to, staffLocale: locale } = config.mail;
  const params = { personId: _id, at: tx.now.toISOString() };
  tx.enqueue({ name: 'send-notice', payload: { template: 'staff-account-alarm', to, locale, params } });
}
