import Joi from 'joi';
import { caseReply, timelineEntries } from '../cases/index.js';
import { evidenceList } from '../evidence/index.js';
import { LOCALES } from '../kernel/locale.js';
import { INCIDENT_KINDS } from '../workflow/index.js';
import { ACTIVITY_STATES, CHANNELS } from './words.js';

const orNull = (schema: Joi.Schema, what: string) =>
  Joi.alternatives(schema, Joi.valid(null)).required().description(what);
const list = (what: string) => Joi.array().items(Joi.string().description('One of them')).required().description(what);

export const caseParams = Joi.object({
  caseId: Joi.string()
    .pattern(/^case_[0-9a-z]{24,32}$/)
    .required()
    .description('The case'),
}).description('Which case');

const keptReport = Joi.object({
  reportId: Joi.string().required().description('The report'),
  receivedAt: Joi.string().isoDate().required().description('When it came, ISO 8601 in UTC'),
  by: Joi.string().valid('customer', 'stranger').required().description('Whether its reporter was signed in'),
  kind: Joi.string()
    .valid(...INCIDENT_KINDS)
    .required()
    .description('What kind of incident it is'),
  language: Joi.string()
    .valid(...LOCALES)
    .required()
    .description('The language the reporter reads'),
  joined: Joi.boolean().required().description('It joined a case that was open already'),
  reverified: Joi.boolean().required().description('The reporter proved a second factor for exactly this report'),
  occurredAt: orNull(Joi.string().isoDate(), 'When it happened, ISO 8601 in UTC'),
  noticedAt: orNull(Joi.string().isoDate(), 'When it was noticed, ISO 8601 in UTC'),
  where: orNull(
    Joi.object({
      channel: Joi.string()
        .valid(...CHANNELS)
        .required()
        .description('Through what it happened'),
      detail: orNull(Joi.string(), "In the reporter's words"),
    }).description('Where'),
    'Where it happened',
  ),
  whatHappened: Joi.string().required().description("The reporter's words: show them isolated and escaped"),
  losses: Joi.array()
    .items(
      Joi.object({
        asset: Joi.string().required().description('Asset code'),
        amount: Joi.string().required().description('Decimal string'),
      }).description('One loss'),
    )
    .required()
    .description('What was lost'),
  transactionHashes: list('Transactions that moved the assets'),
  counterpartyAddresses: list('Where the assets went'),
  notMine: Joi.object({
    trades: list('Trades'),
    withdrawals: list('Withdrawals'),
    signIns: list('Sign-ins'),
  })
    .required()
    .description("Activity that was not the customer's"),
  activity: Joi.string()
    .valid(...ACTIVITY_STATES)
    .required()
    .description('Whether the exchange knows that activity; unverified when it could not be asked'),
  contact: Joi.object({
    email: orNull(Joi.string(), 'Mail'),
    phone: orNull(Joi.string(), 'Telephone'),
  })
    .required()
    .description('How the reporter can be reached'),
  compromised: list('Contact points that somebody else may be reading'),
  account: Joi.object({
    uid: orNull(Joi.string(), 'Account number'),
    email: orNull(Joi.string(), 'Address'),
  })
    .required()
    .description('Which account the reporter says it is about; a claim'),
}).description('One report');

const reports = Joi.array().items(keptReport).required().description('In the order they came');
export const reportsReply = Joi.object({ reports }).description('What was reported in a case');

export const copyReply = Joi.object({
  madeAt: Joi.string().isoDate().required().description('When the copy was made, ISO 8601 in UTC'),
  case: caseReply.required(),
  reports,
  entries: timelineEntries,
  evidence: evidenceList,
}).description('The own case, to keep');
