// Identity, in reading order: words -> problems -> store -> events; jws, key-ring, tokens, refresh-token, hashing, password,
// totp, limits, throttle; register, confirm-address, sign-in, device, second-factor, open-session, deliver-session,
// refresh-session, end-session, list-sessions; change-password, reset-password; sso/; rotate-signing-key; enrol-totp, confirm-totp,
// spend-code; ask-reverification, answer-reverification, step-up; add-contact-point, mark-compromised, link-account;
// add-person, finish-setup, set-roles, suspend-person, reset-factors, shut-out; security-change, notify-security-change,
// disown-change; signed-link, find-recipient, mail-word, send-confirmation, confirm-contact-point; support-code, recognise;
// factors/, passkeys/; check-up/; view -> schema -> routes -> gate -> build-identity.
export { addPerson, type Invitation, setupLink } from './add-person.js';
export { buildIdentity } from './build-identity.js';
export { ownFacts } from './check-up/own-facts.js';
export { ownItems } from './check-up/own-items.js';
export { CHECK_STATES, type CheckItem, good, inOrderOfGain } from './check-up/words.js';
export type { IdentityContext, IdentityParts } from './context.js';
export { requireOwnOrigin } from './cookie.js';
export { type Disowned, disownChange, disownedSince, readDisownLink } from './disown-change.js';
export { makeRecipients } from './find-recipient.js';
export { GATE_PROBLEMS, makeGate } from './gate.js';
export { linkAccount } from './link-account.js';
export { markCompromised } from './mark-compromised.js';
export { notifySecurityChange } from './notify-security-change.js';
export { addPersonCommand, listPeopleCommand } from './people-commands.js';
export { recognise } from './recognise.js';
export { voidFactors } from './reset-factors.js';
export { restoreContactPoint } from './restore-contact-point.js';
export { listSigningKeys, rotateSigningKey } from './rotate-signing-key.js';
export { identityRoutes } from './routes.js';
export { emailAddress, signedLinkToken } from './schema.js';
export { makeStepUp } from './step-up.js';
export { findPersonByAccount, findPersonByEmail, listPeople, readPerson } from './store.js';
export { makeSupportCode } from './support-code.js';
export { supportCodeBody, supportCodeReply, supportCodeView } from './support-schema.js';
export {
  type ContactPoint,
  contactPointOf,
  isOld,
  mailOf,
  normalEmail,
  type Person,
  proofIsOld,
  type Trust,
} from './words.js';
