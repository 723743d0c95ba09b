import Joi from 'joi';
import { FREEZE_STATES, freezeShape, REMEDY_KINDS, remedyShape, SCOPES } from '../accounts/index.js';
import { CHECK_METHODS, INCIDENT_KINDS } from '../workflow/index.js';
import { ACT_REFUSALS, ACTS } from './acts.js';
import { APPROVAL_STATES, AUDIENCES, CHECK_STATES, OUTCOMES, STEPS } from './words.js';

const instant = Joi.string().isoDate();
const scope = Joi.string().valid(...SCOPES);
const text = Joi.object({
  'zh-CN': Joi.string().required().description('Simplified Chinese'),
  en: Joi.string().required().description('English'),
});

const state = Joi.object({
  name: Joi.string().required().description('State of the workflow'),
  step: Joi.string()
    .valid(...STEPS)
    .required()
    .description('Step of the case'),
  title: text.required().description('The state in words'),
  next: text.required().description('What happens next'),
  since: instant.required().description('Since when, UTC'),
  due: instant.description('Until when it should have moved on, UTC'),
});
const base = {
  caseId: Joi.string().required().description('Id of the case'),
  number: Joi.string().required().description('Case number, as people say it'),
  kind: Joi.string()
    .valid(...INCIDENT_KINDS)
    .required()
    .description('Kind of incident'),
  title: text.required().description('The kind in words'),
  state: state.required().description('Where the case stands'),
  openedAt: instant.required().description('When it was opened, UTC'),
  reports: Joi.number().integer().required().description('Reports that are part of it'),
  outcome: Joi.string()
    .valid(...OUTCOMES)
    .description('How it ended'),
  closedAt: instant.description('When it was closed, UTC'),
};
const line = {
  ...base,
  urgent: Joi.boolean().required().description('Whether kind and report are urgent'),
  assignee: Joi.string().description('Who works on it; staff only'),
  legalHold: Joi.boolean().description('Under legal hold; staff only'),
  legalHoldSince: instant.description('Since when it is, UTC; staff only'),
};
const accepted = Joi.array()
  .items(Joi.array().items(Joi.string().valid(...CHECK_METHODS)))
  .required()
  .description('Any one of these combinations proves the customer');
const met = Joi.boolean().required().description('Whether the identity is proven now');

const check = Joi.object({
  checkId: Joi.string().required().description('Id of the check'),
  method: Joi.string()
    .valid(...CHECK_METHODS)
    .required()
    .description('How'),
  state: Joi.string()
    .valid(...CHECK_STATES)
    .required()
    .description('How it stands'),
  round: Joi.number().integer().required().description('Checks count within their round'),
  counts: Joi.boolean().required().description('Whether it counts towards the policy now'),
  startedAt: instant.required().description('When it was begun, UTC'),
  startedBy: Joi.string().required().description('Who began it'),
  decidedAt: instant.description('When it was decided, UTC'),
  decidedBy: Joi.string().description('Who decided it'),
  evidenceIds: Joi.array().items(Joi.string()).description('What was looked at'),
  contactPointId: Joi.string().description('Whom staff called'),
  note: Joi.string().description('What was found'),
});

const approval = Joi.object({
  approvalId: Joi.string().required().description('Id of the proposal'),
  state: Joi.string()
    .valid(...APPROVAL_STATES)
    .required()
    .description('How it stands'),
  scopes: Joi.array().items(scope).required().description('What it opens'),
  outcome: Joi.string()
    .valid(...OUTCOMES)
    .required()
    .description('How the case will end'),
  reason: Joi.string().required().description('Why'),
  proposedBy: Joi.string().required().description('Who proposed it'),
  proposedAt: instant.required().description('When, UTC'),
  coolingOffUntil: instant.required().description('Nobody may approve before, UTC'),
  expiresAt: instant.required().description('Nobody may approve from then on, UTC'),
  decidedBy: Joi.string().description('Who decided it'),
  decidedAt: instant.description('When it was decided, UTC'),
  decisionReason: Joi.string().allow('').description('Why it was declined'),
});

const staffCase = Joi.object({
  ...line,
  language: Joi.string().required().description('Language of the reporter'),
  version: Joi.number().integer().required().description('Grows with every change'),
  workflow: Joi.object({
    id: Joi.string().required().description('Kind'),
    version: Joi.string().required().description('Version'),
    sha256: Joi.string().required().description('Of the bytes of its file'),
  })
    .required()
    .description('The definition it is judged by'),
  accountId: Joi.string().description('Account at the exchange'),
  customerId: Joi.string().description('Person whose case it is'),
  reporter: Joi.string().valid('customer', 'anonymous').required().description('Who reported it first'),
  incidentAt: instant.description('When it happened, as the reporter says, UTC'),
  legalHoldReason: Joi.string().description('Why it is under legal hold'),
  evidenceKeptUntil: instant.description(
    'When its evidence is erased, UTC, unless a legal hold stands; of closed cases',
  ),
  retentionReason: Joi.string().description('Why that is another day than the usual one'),
  identity: Joi.object({ accepted, met, round: Joi.number().integer().required().description('Present round') })
    .required()
    .description('Policy of the workflow, and how it stands'),
  freezes: Joi.array().items(freezeShape).required().description('Freezes and holds, oldest first'),
  remedies: Joi.array().items(remedyShape).required().description('Remedies, oldest first'),
  checks: Joi.array().items(check).required().description('Identity checks, oldest first'),
  approvals: Joi.array().items(approval).required().description('Release proposals, oldest first'),
  allowed: Joi.array().items(Joi.string()).required().description('Events that people may send now'),
  acts: Joi.array()
    .items(
      Joi.object({
        act: Joi.string()
          .valid(...ACTS)
          .required()
          .description('The operation'),
        allowed: Joi.boolean().required().description('Whether the reader may do it now'),
        because: Joi.string()
          .valid(...ACT_REFUSALS)
          .description('Why not; `not_allowed`: not in this role'),
        until: instant.description('For `cooling_off`: until when, UTC'),
      }),
    )
    .required()
    .description('What the reader may do with the case now, and why not the rest'),
});

const ownCase = Joi.object({
  ...base,
  identity: Joi.object({ accepted, met }).required().description('What proves who you are, and whether it is proven'),
  freezes: Joi.array()
    .items(
      Joi.object({
        kind: Joi.string().valid('freeze', 'hold').required().description('`hold`: short, withdrawals only'),
        state: Joi.string()
          .valid(...FREEZE_STATES)
          .required()
          .description('`active` only once the exchange has confirmed it'),
        scopes: Joi.array().items(scope).required().description('What was asked for'),
        applied: Joi.array().items(scope).required().description('What the exchange confirmed'),
        missing: Joi.array().items(scope).required().description('What is not frozen'),
        requestedAt: instant.required().description('When it was asked for, UTC'),
        confirmedAt: instant.description('When the exchange confirmed it, UTC'),
        expiresAt: instant.required().description('When it ends by itself, UTC'),
        releasedAt: instant.description('When it was released, UTC'),
      }),
    )
    .required()
    .description('Freezes, oldest first'),
  remedies: Joi.array()
    .items(
      Joi.object({
        kind: Joi.string()
          .valid(...REMEDY_KINDS)
          .required()
          .description('What is undone'),
        state: Joi.string().required().description('How it stands'),
        orderedAt: instant.required().description('When, UTC'),
        doneAt: instant.description('When the exchange confirmed it, UTC'),
      }),
    )
    .required()
    .description('Remedies, oldest first'),
  checks: Joi.array()
    .items(
      Joi.object({
        method: Joi.string()
          .valid(...CHECK_METHODS)
          .required()
          .description('How'),
        state: Joi.string()
          .valid(...CHECK_STATES)
          .required()
          .description('How it stands'),
        startedAt: instant.required().description('When it was begun, UTC'),
        decidedAt: instant.description('When it was decided, UTC'),
      }),
    )
    .required()
    .description('Identity checks, oldest first'),
  release: Joi.object({
    proposedAt: instant.required().description('When it was proposed, UTC'),
    notBefore: instant.required().description('End of the cooling-off time, UTC'),
    state: Joi.string()
      .valid(...APPROVAL_STATES)
      .required()
      .description('How it stands'),
  }).description('The last proposal to release the account'),
});

export const caseReply = Joi.alternatives(staffCase, ownCase)
  .id('Case')
  .description('The case: all of it for staff, the own view for its customer');
export const checkReply = Joi.object({
  checkId: Joi.string().required().description('Id of the check'),
  case: caseReply.required(),
});
export const proposalReply = Joi.object({
  approvalId: Joi.string().required().description('Id of the proposal'),
  coolingOffUntil: instant.required().description('Nobody may approve before, UTC'),
  expiresAt: instant.required().description('Nobody may approve from then on, UTC'),
  case: caseReply.required(),
});
export const listReply = Joi.object({
  cases: Joi.array().items(Joi.object(line)).required().description('Newest first'),
  next: Joi.string().description('Cursor of the next page; absent on the last'),
});

const message = Joi.object({
  messageId: Joi.string().required().description('Id of the message'),
  from: Joi.string().valid('customer', 'staff').required().description('Which side wrote it'),
  audience: Joi.string()
    .valid(...AUDIENCES)
    .required()
    .description('Who may read it'),
  text: Joi.string().required().description('Plain text, as it was written'),
  at: instant.required().description('When, UTC'),
  authorId: Joi.string().description('Who wrote it; staff only'),
});
export const messageReply = message.description('The message as it was kept');
export const timelineEntries = Joi.array()
  .items(
    Joi.object({
      at: instant.required().description('When, UTC'),
      by: Joi.object({
        side: Joi.string().valid('customer', 'staff', 'system', 'reporter').required().description('Which side'),
        id: Joi.string().description('Who; staff only'),
      })
        .required()
        .description('Who did it'),
      event: Joi.string().description('What happened'),
      from: Joi.string().description('State before'),
      to: Joi.string().description('State after'),
      title: text.description('The state it led to, in words'),
      message: message.description('What was written'),
    }),
  )
  .required()
  .description('In the order it happened');
export const timelineReply = Joi.object({ entries: timelineEntries });
export const trackingReply = Joi.object({
  number: Joi.string().required().description('Case number'),
  status: Joi.string().valid('received', 'in-progress', 'closed').required().description('How far it is'),
  title: text.required().description('That in words'),
  next: text.required().description('What happens next'),
  openedAt: instant.required().description('When it was opened, UTC'),
});
export const holdsReply = Joi.object({
  holds: Joi.array()
    .items(
      Joi.object({
        freezeId: Joi.string().required().description('Id of the hold'),
        caseNumber: Joi.string().required().description('Number of the case it belongs to'),
        scopes: Joi.array().items(scope).required().description('What is on hold'),
        state: Joi.string()
          .valid(...FREEZE_STATES)
          .required()
          .description('How it stands'),
        requestedAt: instant.required().description('Since when, UTC'),
        expiresAt: instant.required().description('When it ends by itself, UTC'),
      }),
    )
    .required()
    .description('Holds on the own account'),
});
export const contactPointsReply = Joi.object({
  contactPoints: Joi.array()
    .items(
      Joi.object({
        contactPointId: Joi.string().required().description('Id of the contact point'),
        kind: Joi.string().valid('email', 'phone').required().description('What it is'),
        value: Joi.string().required().description('Address or number'),
        trust: Joi.string().valid('normal', 'compromised').required().description('Whether it is in a thief’s hands'),
        mayCallBack: Joi.boolean().required().description('Whether a callback to it can prove the customer'),
      }),
    )
    .required()
    .description('Of the person whose identity the case is about'),
});

export const factorResetReply = Joi.object({
  setupLink: Joi.string().required().description('One-time link; hand it to the customer and to nobody else'),
  expiresAt: Joi.string().isoDate().required().description('When the link ends, UTC'),
});

export const proposalsReply = Joi.object({
  proposals: Joi.array()
    .items(
      approval.keys({
        caseId: Joi.string().required().description('Id of the case'),
        caseNumber: Joi.string().required().description('Its number'),
        because: Joi.string()
          .valid(...ACT_REFUSALS)
          .description('Why the reader cannot approve it now; absent when they can'),
      }),
    )
    .required()
    .description('Longest waiting first'),
});
