import Joi from 'joi';
import { ROLES, type Role } from '../kernel/actor.js';
import { LOCALES, type Locale } from '../kernel/locale.js';
import { passkeyFields, requestOptionsFields } from './passkeys/schema.js';
import { NEXT_STEPS, REFRESH_IN, type RefreshIn } from './view.js';
import { CONTACT_KINDS, PASSWORD_MAX, PROOF_METHODS, TRUSTS } from './words.js';

export const emailAddress = Joi.string().email({ tlds: false }).max(254); // RFC 5321, 4.5.3.1.3
export const password = Joi.string().min(1).max(PASSWORD_MAX);
const linkToken = Joi.string().pattern(/^[\w-]{43}$/); // 256 bits, base64url
/** The secret of a link that is made of ids and a signature. */
export const signedLinkToken = (characters: number) => Joi.string().pattern(new RegExp(`^[\\w-]{${characters}}$`));
export const phoneNumber = Joi.string().pattern(/^\+[1-9]\d{6,14}$/); // E.164
const signedToken = Joi.string()
  .pattern(/^[\w.-]+$/)
  .max(2_048);
const refreshToken = Joi.string().pattern(/^[\w-]{64}$/); // 48 bytes, base64url
const code = Joi.string()
  .pattern(/^\d{6}$/)
  .description('Six digits of the authenticator');
export const id = Joi.string().pattern(/^[\w-]{1,100}$/);
const instant = Joi.string().isoDate();
const locale = Joi.string().valid(...LOCALES);
const roles = Joi.array()
  .items(Joi.string().valid(...ROLES))
  .max(ROLES.length)
  .unique();
const refreshIn = Joi.string()
  .valid(...REFRESH_IN)
  .default('cookie')
  .description('Where the refresh token goes: a cookie that scripts cannot read, or the body');

const methods = Joi.array().items(Joi.string().valid(...PROOF_METHODS));

export const registrationBody = Joi.object<{ email: string; password: string; locale: Locale }>({
  email: emailAddress.required().description('Address that the link is mailed to'),
  password: password.required().description('At least 12 characters, not a common one'),
  locale: locale.default('zh-CN').description('Language of what we write to this person'),
});

export const registrationReply = Joi.object({
  next: Joi.string().valid('check-mail').required().description('The same for known and unknown addresses'),
});

export const confirmationBody = Joi.object<{ token: string; password: string }>({
  token: linkToken.required().description('What stands behind # in the link that was mailed'),
  password: password.required().description('The password of the registration'),
});

export const setupBody = Joi.object<{ token: string; password: string }>({
  token: linkToken.required().description('What stands behind # in the set-up link'),
  password: password.required().description('The new password: at least 12 characters, not a common one'),
});

export const signInBody = Joi.object<{ email: string; password: string; refreshIn: RefreshIn }>({
  email: emailAddress.required().description('E-mail address'),
  password: password.required().description('Password'),
  refreshIn,
});

export const secondFactorBody = Joi.object<{ ticket: string; code: string; refreshIn: RefreshIn }>({
  ticket: signedToken.required().description('From the first step'),
  code: code.required(),
  refreshIn,
});

export const sessionReply = Joi.object({
  next: Joi.string()
    .valid(...NEXT_STEPS)
    .required()
    .description(
      '`second-factor`: send the code with the ticket; `enrol-second-factor`: staff must, before anything answers',
    ),
  expiresAt: instant.required().description('When the access token, or the ticket, ends; UTC'),
  accessToken: Joi.string().description('Bearer token for the API'),
  sessionId: Joi.string().description('Id of the session'),
  refreshToken: Joi.string().description('Only when it was asked for in the body'),
  ticket: Joi.string().description('For the second step'),
  methods: methods.description('What the second step can be done with; a passkey signs in alone, without the ticket'),
});

export const refreshBody = Joi.object<{ refreshToken?: string }>({
  refreshToken: refreshToken.description('Left out when the cookie has it'),
});

const contactPoint = {
  id: Joi.string().required().description('Id of the contact point'),
  kind: Joi.string()
    .valid(...CONTACT_KINDS)
    .required()
    .description('Kind'),
  value: Joi.string().required().description('Address or number'),
  trust: Joi.string()
    .valid(...TRUSTS)
    .required()
    .description('A compromised one verifies nobody and receives no links'),
  addedAt: instant.required().description('Since when it is on file, UTC'),
  confirmedAt: instant.description('When it was shown to be theirs, UTC'),
};

export const contactPointReply = Joi.object(contactPoint);

export const meReply = Joi.object({
  id: Joi.string().required().description('Person id'),
  email: Joi.string().required().description('E-mail address'),
  locale: locale.required().description('Language'),
  roles: roles.required().description('Roles'),
  password: Joi.boolean()
    .required()
    .description('Whether they have one; where a password is asked for again, who has none signs in again instead'),
  accountId: Joi.string().description('Account at the exchange, once linked'),
  secondFactor: Joi.object({
    confirmedAt: instant.required().description('When it was confirmed, UTC'),
    old: Joi.boolean().required().description('Old enough to count towards identity'),
  }).description('The authenticator, when there is one'),
  passkeys: Joi.array().items(Joi.object(passkeyFields)).required().description('Passkeys, oldest first'),
  recoveryCodes: Joi.object({
    left: Joi.number().required().description('How many are left'),
    issuedAt: instant.required().description('UTC'),
  }).description('Recovery codes, when there are any'),
  contactPoints: Joi.array().items(Joi.object(contactPoint)).required().description('Ways to reach them'),
});

export const enrolBody = Joi.object<{ password?: string }>({
  password: password.description('The password again; left out by whoever has none, and signed in just now'),
});

export const enrolReply = Joi.object({
  secret: Joi.string().required().description('Base32, for typing in'),
  uri: Joi.string().required().description('otpauth URI'),
  qr: Joi.string().required().description('The URI as QR code: PNG, data URI'),
});

export const codeBody = Joi.object<{ code: string }>({ code: code.required() });

export const confirmTotpReply = Joi.object({
  confirmedAt: instant.required().description('UTC'),
  recoveryCodes: Joi.array()
    .items(Joi.string())
    .description('Ten recovery codes, shown this once; with the first second factor'),
});

export const reverificationBody = Joi.object<{ operation: string; params?: object; body?: object }>({
  operation: Joi.string()
    .pattern(/^[A-Za-z]{1,60}$/)
    .required()
    .description('operationId of the act'),
  params: Joi.object().unknown().description('Its path parameters'),
  body: Joi.object().unknown().description('Its body, exactly as it will be sent'),
});

export const reverificationReply = Joi.object({
  reverificationId: Joi.string().required().description('Id of the challenge'),
  expiresAt: instant.required().description('UTC'),
  confirms: Joi.object({
    'zh-CN': Joi.string().required().description('Simplified Chinese'),
    en: Joi.string().required().description('English'),
  })
    .required()
    .description('What is being confirmed, to be shown as it is'),
  methods: methods.required().description('What it can be answered with'),
  passkey: Joi.object(requestOptionsFields).description(
    'For `PublicKeyCredential.parseRequestOptionsFromJSON`, when there are passkeys',
  ),
});

export const reverificationParams = Joi.object<{ reverificationId: string }>({
  reverificationId: id.required().description('Id of the challenge'),
});

export const answerReply = Joi.object({
  token: Joi.string().required().description('For the Reverification header of the act'),
  expiresAt: instant.required().description('UTC'),
});

const person = {
  id: Joi.string().required().description('Person id'),
  email: Joi.string().required().description('E-mail address'),
  locale: locale.required().description('Language'),
  roles: roles.required().description('Roles'),
  secondFactor: Joi.boolean().required().description('Whether an authenticator is set up'),
  setUp: Joi.boolean().required().description('Whether they can sign in: with a password, or through a provider'),
  suspendedAt: instant.description('Since when they are shut out, UTC'),
  createdAt: instant.required().description('UTC'),
};

export const personReply = Joi.object(person);

export const peopleQuery = Joi.object<{ staff: boolean; after?: string; limit: number }>({
  staff: Joi.boolean().default(false).description('Leaves customers out'),
  after: id.description('`next` of the page before'),
  limit: Joi.number().integer().min(1).max(200).default(50).description('People on a page'),
});

export const peopleReply = Joi.object({
  next: Joi.string().description('For `after` of the next page; missing on the last'),
  people: Joi.array().items(Joi.object(person)).required().description('Oldest first'),
});

export const colleaguesReply = Joi.object({
  colleagues: Joi.array()
    .items(
      Joi.object({
        id: person.id,
        email: person.email,
        roles: person.roles,
        suspended: Joi.boolean().required().description('Shut out now; named because their acts remain'),
      }),
    )
    .required()
    .description('Everybody with a role of staff, oldest first'),
});

export const invitationBody = Joi.object<{ email: string; roles: Role[]; locale: Locale }>({
  email: emailAddress.required().description('E-mail address'),
  roles: roles.min(1).required().description('Roles'),
  locale: locale.default('zh-CN').description('Language'),
});

export const invitationReply = Joi.object({
  person: Joi.object(person).required().description('Who was invited'),
  setupLink: Joi.string().required().description('One-time link; hand it to the person and to nobody else'),
  expiresAt: instant.required().description('When the link ends, UTC'),
});

export const personParams = Joi.object<{ personId: string }>({ personId: id.required().description('Person id') });

export const manageBody = Joi.object<{ reason: string }>({
  reason: Joi.string().min(10).max(1_000).required().description('Why; kept in the audit log'),
});

export const rolesBody = Joi.object<{ roles: Role[] }>({
  roles: roles.required().description('All roles from now on'),
});
