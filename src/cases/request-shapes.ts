import Joi from 'joi';
import { REMEDY_KINDS, type RemedyKind, SCOPES, type Scope } from '../accounts/index.js';
import { INCIDENT_KINDS, type IncidentKind } from '../workflow/index.js';
import {
  AUDIENCES,
  type Audience,
  MESSAGE_MAX,
  OUTCOMES,
  type Outcome,
  PAGE_MAX,
  REASON_MAX,
  RELEASE_OUTCOMES,
} from './words.js';

const id = (kind: string) => Joi.string().pattern(new RegExp(`^${kind}_[0-9a-f]{24}$`));
const personId = Joi.string().pattern(/^[a-z]{1,20}_[0-9a-f]{24}$/);
const scope = Joi.string().valid(...SCOPES);
const reason = Joi.string().min(3).max(REASON_MAX).required();
const hours = Joi.number().integer().min(1).max(2_160);

/** What comes in. Read each by what its verb does with it. */
const caseId = id('case').required().description('Id of the case');
export const caseParams = Joi.object<{ caseId: string }>({ caseId });
export const freezeParams = Joi.object<{ caseId: string; freezeId: string }>({
  caseId,
  freezeId: id('freeze').required().description('Id of the freeze'),
});
export const checkParams = Joi.object<{ caseId: string; checkId: string }>({
  caseId,
  checkId: id('check').required().description('Id of the identity check'),
});
export const contactPointParams = Joi.object<{ caseId: string; contactPointId: string }>({
  caseId,
  contactPointId: id('contact').required().description('Id of the contact point'),
});
export const approvalParams = Joi.object<{ caseId: string; approvalId: string }>({
  caseId,
  approvalId: id('approval').required().description('Id of the release proposal'),
});
export const holdParams = Joi.object<{ freezeId: string }>({
  freezeId: id('freeze').required().description('Id of the hold'),
});

export const listQuery = Joi.object<{
  state?: string;
  kind?: IncidentKind;
  assigned?: string;
  number?: string;
  legalHold?: true;
  limit: number;
  cursor?: string;
}>({
  state: Joi.string()
    .pattern(/^[a-z-]{1,40}(\.[a-z-]{1,40})?$/)
    .description('A state such as `freeze-account.frozen`, or a whole step such as `freeze-account`'),
  kind: Joi.string()
    .valid(...INCIDENT_KINDS)
    .description('Kind of incident'),
  assigned: Joi.alternatives(Joi.string().valid('me', 'nobody'), personId).description(
    '`me`, `nobody`, or a person id',
  ),
  number: Joi.string().max(40).description('A case number, as people write it'),
  legalHold: Joi.boolean().valid(true).description('Only cases under legal hold; staff only'),
  limit: Joi.number().integer().min(1).max(PAGE_MAX).default(50).description('Cases on the page'),
  cursor: Joi.string().max(128).description('`next` of the page before'),
});

export const reasonBody = Joi.object<{ reason: string }>({ reason: reason.description('Why; kept with the case') });
export const noteBody = Joi.object<{ note: string }>({
  note: reason.description('What was found; kept with the case'),
});

export const freezeBody = Joi.object<{ scopes?: Scope[]; hours?: number; reason: string }>({
  scopes: Joi.array()
    .items(scope)
    .min(1)
    .max(SCOPES.length)
    .unique()
    .description('What to freeze; the default of the kind when absent'),
  hours: hours.description('For how long; the longest the role may when absent'),
  reason: reason.description('Why; kept with the case'),
});
export const extensionBody = Joi.object<{ hours: number; reason: string }>({
  hours: hours.required().description('Hours from now'),
  reason: reason.description('Why; kept with the case'),
});
export const checkBody = Joi.object<{ method: 'document' | 'callback'; contactPointId?: string }>({
  method: Joi.string().valid('document', 'callback').required().description('How the customer will be proven'),
  contactPointId: id('contact').description('For `callback`: whom staff will call'),
});
export const decisionBody = Joi.object<{ result: 'passed' | 'failed'; evidenceIds?: string[]; note: string }>({
  result: Joi.string().valid('passed', 'failed').required().description('How the check ended'),
  evidenceIds: Joi.array()
    .items(id('evidence'))
    .min(1)
    .max(20)
    .unique()
    .description('For a document: what was looked at, evidence of this case'),
  note: reason.description('What was compared or said; kept with the check'),
});
export const remedyBody = Joi.object<{ kinds: RemedyKind[] }>({
  kinds: Joi.array()
    .items(Joi.string().valid(...REMEDY_KINDS))
    .min(1)
    .max(REMEDY_KINDS.length)
    .unique()
    .required()
    .description('What to undo at the exchange'),
});
export const proposalBody = Joi.object<{ scopes: Scope[]; outcome: Outcome; reason: string }>({
  scopes: Joi.array()
    .items(scope)
    .min(1)
    .max(SCOPES.length)
    .unique()
    .required()
    .description('Exactly the scopes this case holds'),
  outcome: Joi.string()
    .valid(...RELEASE_OUTCOMES)
    .required()
    .description('How the case ends once the account is released'),
  reason: reason.description('Why the account may be released'),
});
export const closingBody = Joi.object<{ outcome: Outcome; reason: string }>({
  outcome: Joi.string()
    .valid(...OUTCOMES)
    .required()
    .description('How the case ended'),
  reason: reason.description('Why; kept with the case'),
});
export const retentionBody = Joi.object<{ until: string; reason: string }>({
  until: Joi.string()
    .isoDate()
    .pattern(/Z$/)
    .max(40)
    .required()
    .description(
      'Until when its evidence is kept, ISO 8601 in UTC, with a Z; never shorter than 30 days from the closing of the case',
    ),
  reason: reason.description('Why; kept with the case'),
});
export const assignmentBody = Joi.object<{ personId: string | null }>({
  personId: Joi.alternatives(personId, Joi.valid(null)).required().description('Who works on it; null for nobody'),
});
export const accountBody = Joi.object<{ uid: string }>({
  uid: Joi.string()
    .pattern(/^[\w-]{1,64}$/)
    .required()
    .description('User id at the exchange, as its owner sees it'),
});
export const messageBody = Joi.object<{ audience?: Audience; text: string }>({
  audience: Joi.string()
    .valid(...AUDIENCES)
    .description('Staff choose: `customer`, or `staff` for a note among themselves (the default)'),
  text: Joi.string().min(1).max(MESSAGE_MAX).required().description('The message, plain text'),
});
