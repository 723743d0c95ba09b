import type { Me } from '../../ground/session.js';
import { canFreeze } from '../freeze-now.js';
import { URGENT } from '../kinds.js';
import type { Draft, Step } from './draft.js';
import { listOf, lossesOf } from './report-body.js';

/** What a report lacks: without the first kind it cannot be sent, without the second it is answered later. */
export interface Missing {
  readonly what: MissingWhat;
  readonly step: Step;
  readonly needed: boolean;
}

// As reports/schema.ts takes them.
const AMOUNT = /^(?:0|[1-9]\d{0,29})(?:\.\d{1,18})?$/;
const ASSET = /^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/;
const HASH = /^[0-9A-Za-z:+/=_-]{16,128}$/;
const ADDRESS = /^[0-9A-Za-z:._+/=@-]{6,200}$/;
const PHONE = /^\+?\d[\d ()-]{4,29}$/;
const UID = /^[\w.-]{1,64}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

const MISSING = [
  'kind',
  'whatHappened',
  'contact',
  'email',
  'phone',
  'uid',
  'accountEmail',
  'losses',
  'hashes',
  'addresses',
  'future',
  'which',
  'when',
  'evidence',
  'account',
] as const;
export type MissingWhat = (typeof MISSING)[number];

export function missingIn(draft: Draft, files: number, me: Me | undefined): readonly Missing[] {
  const wrong = faultsOf(draft, me);
  const needs = (what: MissingWhat, step: Step) => ({ what, step, needed: true });
  const wants = (what: MissingWhat, step: Step) => ({ what, step, needed: false });
  return [
    ...(draft.kind ? [] : [needs('kind', 'kind')]),
    ...(draft.whatHappened.trim() ? [] : [needs('whatHappened', 'story')]),
    ...(me || draft.email.trim() || draft.phone.trim() ? [] : [needs('contact', 'contact')]),
    ...(['losses', 'hashes', 'addresses'] as const)
      .filter((what) => wrong.has(what))
      .map((what) => needs(what, 'which')),
    ...(wrong.has('future') ? [needs('future', 'story')] : []),
    ...(['email', 'phone', 'uid', 'accountEmail'] as const)
      .filter((what) => wrong.has(what))
      .map((what) => needs(what, 'contact')),
    ...(namesWhich(draft) ? [] : [wants('which', 'which')]),
    ...(draft.occurredAt ? [] : [wants('when', 'story')]),
    ...(files > 0 ? [] : [wants('evidence', 'evidence')]),
    ...(me || draft.uid.trim() || draft.accountEmail.trim() || !isUrgent(draft) ? [] : [wants('account', 'contact')]),
  ];
}

const isUrgent = ({ kind }: Draft): boolean => kind !== undefined && URGENT.includes(kind);

const namesWhich = (draft: Draft): boolean =>
  Object.values(draft.notMine).some((ids) => ids.length > 0) ||
  lossesOf(draft).length > 0 ||
  listOf(draft.hashes).length > 0 ||
  listOf(draft.addresses).length > 0;

/** What was typed and cannot be what is meant. */
export function faultsOf(draft: Draft, me: Me | undefined): ReadonlySet<MissingWhat> {
  const found = new Set<MissingWhat>();
  const check = (what: MissingWhat, typed: string, form: RegExp) => {
    if (typed.trim() && !form.test(typed.trim())) found.add(what);
  };
  if (lossesOf(draft).some(({ asset, amount }) => !ASSET.test(asset) || !AMOUNT.test(amount))) found.add('losses');
  if (listOf(draft.hashes).some((hash) => !HASH.test(hash))) found.add('hashes');
  if (listOf(draft.addresses).some((address) => !ADDRESS.test(address))) found.add('addresses');
  if ([draft.occurredAt, draft.noticedAt].some((at) => Date.parse(at) > Date.now())) found.add('future');
  if (me) return found;
  check('email', draft.email, EMAIL);
  check('phone', draft.phone, PHONE);
  check('uid', draft.uid, UID);
  check('accountEmail', draft.accountEmail, EMAIL);
  return found;
}

export const offersFreeze = (draft: Draft, me: Me | undefined): boolean =>
  me !== undefined && canFreeze(me) && isUrgent(draft);
export const offersHold = (draft: Draft, me: Me | undefined): boolean =>
  isUrgent(draft) && (me ? me.accountId !== undefined && !canFreeze(me) : true);
