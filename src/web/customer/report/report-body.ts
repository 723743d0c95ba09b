import type { Body } from '../../ground/client.js';
import type { Language } from '../../ground/language.js';
import type { Me } from '../../ground/session.js';
import { canFreeze } from '../freeze-now.js';
import { URGENT } from '../kinds.js';
import type { Draft } from './draft.js';

type ReportBody = Body<'submitReport'>;

/** One a line, or with commas or blanks between. */
export const listOf = (text: string): string[] => [...new Set(text.split(/[\s,，;；、]+/).filter(Boolean))];

export const lossesOf = (draft: Draft) =>
  draft.losses
    .map(({ asset, amount }) => ({ asset: asset.trim().toUpperCase(), amount: plainAmount(amount) }))
    .filter(({ asset, amount }) => asset || amount);

/** People write thousands with commas, and full-width digits come out of Chinese keyboards. */
const plainAmount = (typed: string): string => typed.normalize('NFKC').replace(/[\s,]/g, '');

/** Whether sending freezes the account: for whoever can, of a kind that is urgent. */
export const willFreeze = (draft: Draft, me: Me | undefined): boolean =>
  me !== undefined && canFreeze(me) && draft.freeze && draft.kind !== undefined && URGENT.includes(draft.kind);

/** A hold on withdrawals needs an account: the own one without a second factor, or one that a stranger names. */
export function willHold(draft: Draft, me: Me | undefined): boolean {
  if (!draft.hold || draft.kind === undefined || !URGENT.includes(draft.kind)) return false;
  return me ? me.accountId !== undefined && !canFreeze(me) : Boolean(draft.uid.trim() || draft.accountEmail.trim());
}

/** The draft as the API takes it; empty parts are left out. */
export function reportBody(draft: Draft, me: Me | undefined, language: Language): ReportBody {
  const { kind = 'other', notMine, channel, detail, email, phone, compromised, uid, accountEmail } = draft;
  const { trades, withdrawals, signIns } = notMine;
  const picked = me && trades.length + withdrawals.length + signIns.length > 0;
  const contact = { ...filled('email', email), ...filled('phone', phone) };
  const account = { ...filled('uid', uid), ...filled('email', accountEmail) };
  return {
    kind,
    language,
    whatHappened: draft.whatHappened.trim(),
    ...instant('occurredAt', draft.occurredAt),
    ...instant('noticedAt', draft.noticedAt),
    ...(channel && { where: { channel, ...filled('detail', detail) } }),
    losses: lossesOf(draft),
    transactionHashes: listOf(draft.hashes),
    counterpartyAddresses: listOf(draft.addresses),
    ...(picked && { notMine: { trades: [...trades], withdrawals: [...withdrawals], signIns: [...signIns] } }),
    compromised: compromised.filter((name) => (me ? true : (name === 'email' && email) || (name === 'phone' && phone))),
    ...(me ? {} : { ...(hasAny(contact) && { contact }), ...(hasAny(account) && { account }) }),
    ...(willHold(draft, me) && { requestHold: true }),
  };
}

const hasAny = (part: object): boolean => Object.keys(part).length > 0;

const filled = <Name extends string>(name: Name, typed: string): { [N in Name]?: string } =>
  typed.trim() ? ({ [name]: typed.trim() } as { [N in Name]?: string }) : {};

/** The field speaks of the device's own zone; the API wants an instant. */
const instant = <Name extends string>(name: Name, local: string): { [N in Name]?: string } =>
  filled(name, local && !Number.isNaN(Date.parse(local)) ? new Date(local).toISOString() : '');
