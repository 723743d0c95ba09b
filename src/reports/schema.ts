import Joi from 'joi';
import { FREEZE_STATES, SCOPES } from '../accounts/index.js';
import { signedLinkToken } from '../identity/index.js';
import { LOCALES } from '../kernel/locale.js';
import { INCIDENT_KINDS } from '../workflow/index.js';
import { CHANNELS, type ReportBody } from './words.js';

const LEAP_DAY = String.raw`(?:\d\d(?:0[48]|[2468][048]|[13579][26])|2000)-02-29`;
const OTHER_DAY = String.raw`\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?`;
const OFFSET = String.raw`(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)`;
/**
 * RFC 3339 with its offset: a time without one would mean something else to every reader. Only days that exist, for
 * JavaScript takes 30 February as 1 March; 1970 to 2199.
 */
const INSTANT = new RegExp(`^(?=19[7-9]|2[01])(?:${LEAP_DAY}|${OTHER_DAY})T${TIME}${OFFSET}$`);
const AMOUNT = /^(?:0|[1-9]\d{0,29})(?:\.\d{1,18})?$/;
const ASSET = /^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$/;
const HASH = /^[0-9A-Za-z:+/=_-]{16,128}$/;
const ADDRESS = /^[0-9A-Za-z:._+/=@-]{6,200}$/;
const EXCHANGE_ID = /^[\w.:-]{1,100}$/;
const PHONE = /^\+?\d[\d ()-]{4,29}$/;
const UID = /^[\w.-]{1,64}$/;
const CONTACT_POINT = /^(?:email|phone|[a-z]{1,20}_[0-9a-z]{10,40})$/;

const instant = (what: string) =>
  Joi.string().isoDate().pattern(INSTANT).max(40).description(`${what}, ISO 8601 with its offset`);
const email = (what: string) => Joi.string().email({ tlds: false }).max(254).description(what);
const ids = (what: string) =>
  Joi.array()
    .items(Joi.string().pattern(EXCHANGE_ID).description('An id of the exchange'))
    .max(100)
    .description(`${what} that were not the customer's, as the exchange names them`);

export const reportBody = Joi.object<ReportBody>({
  kind: Joi.string()
    .valid(...INCIDENT_KINDS)
    .required()
    .description('What kind of incident it is'),
  language: Joi.string()
    .valid(...LOCALES)
    .default('zh-CN')
    .description('The language we answer in'),
  occurredAt: instant('When it happened'),
  noticedAt: instant('When it was noticed'),
  where: Joi.object({
    channel: Joi.string()
      .valid(...CHANNELS)
      .required()
      .description('Through what it happened'),
    detail: Joi.string().max(500).description("Which page, app or person, in the reporter's words"),
  }).description('Where it happened'),
  whatHappened: Joi.string()
    .min(1)
    .max(10_000)
    .required()
    .description("What happened, in the reporter's words; kept as written"),
  losses: Joi.array()
    .items(
      Joi.object({
        asset: Joi.string().pattern(ASSET).required().description('Asset code, such as USDT'),
        amount: Joi.string()
          .pattern(AMOUNT)
          .required()
          .description('Decimal string, at most 18 digits after the point'),
      }).description('One loss'),
    )
    .max(50)
    .default([])
    .description('What was lost'),
  transactionHashes: Joi.array()
    .items(Joi.string().pattern(HASH).description('A transaction on its chain'))
    .max(50)
    .default([])
    .description('Transactions that moved the assets'),
  counterpartyAddresses: Joi.array()
    .items(Joi.string().pattern(ADDRESS).description('An address on its chain'))
    .max(50)
    .default([])
    .description('Where the assets went'),
  notMine: Joi.object({ trades: ids('Trades'), withdrawals: ids('Withdrawals'), signIns: ids('Sign-ins') }).description(
    "Recent activity that was not the customer's; checked against the exchange for a signed-in customer",
  ),
  contact: Joi.object({
    email: email('Where mail reaches the reporter'),
    phone: Joi.string().pattern(PHONE).description('Where a call reaches the reporter'),
  }).description('How to reach the reporter; somebody who is not signed in gives at least one'),
  compromised: Joi.array()
    .items(Joi.string().pattern(CONTACT_POINT).description('`email`, `phone`, or the id of a contact point'))
    .max(20)
    .default([])
    .description('Contact points that somebody else may be reading: they verify nobody and receive nothing'),
  account: Joi.object({
    uid: Joi.string().pattern(UID).description('The account number at the exchange'),
    email: email('The address the account is registered with'),
  })
    .min(1)
    .description('Which account it is about, when the reporter is not signed in'),
  requestHold: Joi.boolean()
    .default(false)
    .description('Asks for a short hold on withdrawals; the answer is the same whether the account exists or not'),
}).description('A report of an incident');

const text = Joi.object({
  'zh-CN': Joi.string().required().description('In Simplified Chinese'),
  en: Joi.string().required().description('In English'),
});

export const reportReply = Joi.object({
  caseNumber: Joi.string().required().description('To be quoted to us; not a secret'),
  trackingLink: Joi.string().uri().required().description('Follows the case; whoever has it can see it'),
  trackingToken: Joi.string().required().description('The secret part of the link'),
  caseId: Joi.string().description('Only for a signed-in reporter'),
  state: Joi.string().required().description('Where the case is now'),
  joined: Joi.boolean()
    .required()
    .description('It was recognised as a report of a loss that we know, and joined its case'),
  freeze: Joi.object({
    state: Joi.string()
      .valid('none', 'hold-asked', ...FREEZE_STATES)
      .required()
      .description('`active` only when the exchange has confirmed it'),
    scopes: Joi.array()
      .items(
        Joi.string()
          .valid(...SCOPES)
          .description('A part of the account'),
      )
      .required()
      .description('What it is about'),
  })
    .required()
    .description('What happens to the account'),
  next: Joi.array()
    .items(
      Joi.object({
        what: text.required().description('What happens next'),
        by: Joi.alternatives(Joi.string().isoDate(), Joi.valid(null))
          .required()
          .description('By when at the latest, ISO 8601 in UTC; null where no time is promised'),
      }).description('One step'),
    )
    .required()
    .description('What happens next, and when'),
  evidence: Joi.array()
    .items(
      Joi.object({
        evidenceId: Joi.string().required().description('The piece of evidence'),
        sha256: Joi.string().required().description('SHA-256 of what we received, lower-case hex'),
        size: Joi.number().integer().required().description('Bytes'),
        type: Joi.string().required().description('What the bytes are'),
        scan: Joi.string().required().description('not-scanned does not mean clean'),
      }).description('One file'),
    )
    .required()
    .description('The files that arrived, in order'),
}).description('The answer to a report');

export const disownBody = Joi.object<{ token: string }>({
  token: signedLinkToken(64).required().description('What stands behind # in the link of the notice'), // 48 bytes, base64url
});

export const disownReply = Joi.object({
  hold: Joi.string()
    .valid('asked', 'in-force', 'not-possible')
    .required()
    .description('The hold on withdrawals; `not-possible` without a linked account, or after several in one day'),
  caseNumber: Joi.string().description('Number of the case that deals with it; opens nothing by itself'),
});
