import Joi from 'joi';
import { CHECK_STATES } from '../identity/index.js';
import { EXCHANGE_WORDS } from './check-up.js';
import type { Activity } from './exchange.js';
import type { AccountView, FreezeView, RemedyView } from './view.js';
import { FREEZE_KINDS, FREEZE_STATES, RELEASE_REASONS, REMEDY_KINDS, REMEDY_STATES, SCOPES } from './words.js';

const instant = Joi.string().isoDate();
const scope = Joi.string().valid(...SCOPES);
const scopes = Joi.array().items(scope);
const amount = Joi.object({
  asset: Joi.string().required().description('Asset code'),
  amount: Joi.string().required().description('Decimal string'),
});
const id = Joi.string().required().description('Id at the exchange');
const time = instant.required().description('When, UTC');
const text = (description: string) => Joi.string().allow('').required().description(description);

export const linkBody = Joi.object<{ linkCode: string }>({
  linkCode: Joi.string()
    .pattern(/^[0-9A-Za-z-]{8,64}$/)
    .required()
    .description('Short-lived code that the owner, signed in at the exchange, got there'),
});

export const linkReply = Joi.object<{ accountId: string; uid: string }>({
  accountId: id,
  uid: Joi.string().required().description('User id as the exchange shows it to its owner'),
});

export const accountReply = Joi.object<AccountView>({
  accountId: id,
  uid: Joi.string().required().description('User id as the exchange shows it to its owner'),
  balances: Joi.array().items(amount).required().description('What the account holds'),
  scopes: Joi.array()
    .items(
      Joi.object({
        scope: scope.required().description('What can be frozen by itself'),
        frozen: Joi.boolean().required().description('Whether it is frozen at the exchange now, by whomever'),
      }),
    )
    .required()
    .description('Every scope and whether it is frozen'),
  sessions: Joi.array()
    .items(Joi.object({ id, device: text('Device it says it is'), address: text('Source address') }))
    .required()
    .description('Sessions that are alive at the exchange'),
  apiKeys: Joi.array()
    .items(Joi.object({ id, label: text('Name its maker gave it') }))
    .required()
    .description('API keys that work at the exchange'),
});

export const activityReply = Joi.object<Activity>({
  trades: Joi.array()
    .items(
      Joi.object({
        id,
        time,
        market: text('Market, e.g. BTC-USDT'),
        side: Joi.string().valid('buy', 'sell').required().description('Side'),
        amount: amount.required().description('What was traded'),
        price: amount.required().description('Price of one unit'),
      }),
    )
    .required()
    .description('Recent trades, newest first'),
  withdrawals: Joi.array()
    .items(
      Joi.object({
        id,
        time,
        amount: amount.required().description('What was withdrawn'),
        network: text('Network'),
        address: text('Destination'),
        txHash: Joi.alternatives(Joi.string(), Joi.valid(null)).required().description('Hash, once it was sent'),
        status: Joi.string().valid('pending', 'held', 'sent', 'cancelled').required().description('How far it got'),
      }),
    )
    .required()
    .description('Recent withdrawals, newest first'),
  signIns: Joi.array()
    .items(
      Joi.object({
        id,
        time,
        address: text('Source address'),
        device: text('Device it says it is'),
        place: text('Place, as far as the exchange knows'),
        result: Joi.string().valid('succeeded', 'failed').required().description('Whether it got in'),
      }),
    )
    .required()
    .description('Recent sign-ins, newest first'),
});

const receipt = Joi.object()
  .unknown()
  .description('The receipt, as the exchange signed it: Ed25519 over the RFC 8785 JSON of all members but `signature`');

/** A freeze inside a case, as staff read it. */
export const freezeShape = Joi.object<FreezeView>({
  freezeId: Joi.string().required().description('Id of the freeze'),
  kind: Joi.string()
    .valid(...FREEZE_KINDS)
    .required()
    .description('`hold`: short, withdrawals only'),
  state: Joi.string()
    .valid(...FREEZE_STATES)
    .required()
    .description('`active` only on the exchange’s receipt for every scope'),
  scopes: scopes.required().description('What was asked for'),
  applied: scopes.required().description('What the exchange confirmed'),
  missing: scopes.required().description('What the exchange could not freeze'),
  requestedAt: instant.required().description('When it was decided, UTC'),
  requestedBy: Joi.string().required().description('Who decided it'),
  expiresAt: instant.required().description('When it is released by itself, UTC'),
  confirmedAt: instant.description('When the receipt was recorded, UTC'),
  receipt,
  unconfirmedReason: Joi.string().description('Why nobody knows whether it is frozen'),
  refusalCode: Joi.string().description('Why the exchange refused'),
  release: Joi.object({
    reason: Joi.string()
      .valid(...RELEASE_REASONS)
      .required()
      .description('Why it is released'),
    scopes: scopes.required().description('What it opens: the scopes that no other freeze held'),
    requestedAt: instant.required().description('When it was decided, UTC'),
    requestedBy: Joi.string().required().description('Who decided it'),
    unsettled: Joi.string().description('The last answer that did not settle it'),
    receipt,
  }).description('The release, once decided'),
  releasedAt: instant.description('When the exchange’s receipt for the release was recorded, UTC'),
});

/** A remedy inside a case, as staff read it. */
export const remedyShape = Joi.object<RemedyView>({
  remedyId: Joi.string().required().description('Id of the remedy'),
  kind: Joi.string()
    .valid(...REMEDY_KINDS)
    .required()
    .description('What is undone'),
  state: Joi.string()
    .valid(...REMEDY_STATES)
    .required()
    .description('`done` only on the exchange’s receipt'),
  orderedAt: instant.required().description('When it was ordered, UTC'),
  orderedBy: Joi.string().required().description('Who ordered it'),
  ended: Joi.array().items(Joi.string()).required().description('Ids of what it ended'),
  doneAt: instant.description('When the receipt was recorded, UTC'),
  receipt,
  unconfirmedReason: Joi.string().description('Why nobody knows whether it was done'),
  refusalCode: Joi.string().description('Why the exchange refused'),
});

const bothLanguages = Joi.object({
  'zh-CN': Joi.string().required().description('Simplified Chinese'),
  en: Joi.string().required().description('English'),
});

export const checkUpReply = Joi.object({
  asOf: Joi.string().isoDate().required().description('UTC'),
  exchange: Joi.string()
    .valid(...EXCHANGE_WORDS)
    .required()
    .description('Whether the facts of the exchange are in it'),
  items: Joi.array()
    .items(
      Joi.object({
        id: Joi.string().required().description('The thing that is looked at'),
        state: Joi.string()
          .valid(...CHECK_STATES)
          .required()
          .description('How it stands; `look` wants a look and may be well'),
        gain: Joi.number().integer().required().description('How much doing what it says helps: 0 to 100'),
        title: bothLanguages.required().description('The thing in words'),
        advice: bothLanguages.required().description('What to do, or that there is nothing to do'),
        link: Joi.string().required().description('Path of our own page where to do it'),
      }).description('One thing'),
    )
    .required()
    .description('The most gain first'),
});
