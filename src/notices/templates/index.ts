import type { Template } from '../words.js';
import { accountReleased } from './account-released.js';
import { addressKnown } from './address-known.js';
import { auditAlarm } from './audit-alarm.js';
import { breakGlassOwner } from './break-glass-owner.js';
import { breakGlassStaff } from './break-glass-staff.js';
import { caseClosed } from './case-closed.js';
import { confirmAddress } from './confirm-address.js';
import { confirmContact } from './confirm-contact.js';
import { contactCompromised } from './contact-compromised.js';
import { freezeConfirmed } from './freeze-confirmed.js';
import { freezePartial } from './freeze-partial.js';
import { freezeRefused } from './freeze-refused.js';
import { freezeUnconfirmed } from './freeze-unconfirmed.js';
import { holdPlaced } from './hold-placed.js';
import { identityFailed } from './identity-failed.js';
import { identityNeeded } from './identity-needed.js';
import { identityPassed } from './identity-passed.js';
import { messageWaiting } from './message-waiting.js';
import { passwordReset } from './password-reset.js';
import { passwordResetImpossible } from './password-reset-impossible.js';
import { releaseApproved } from './release-approved.js';
import { releaseProposed } from './release-proposed.js';
import { reportReceived } from './report-received.js';
import { securityChange } from './security-change.js';
import { setupLink } from './setup-link.js';
import { staffAccountAlarm } from './staff-account-alarm.js';
import { staffPage } from './staff-page.js';

const ALL = [
  confirmAddress,
  confirmContact,
  addressKnown,
  setupLink,
  passwordReset,
  passwordResetImpossible,
  reportReceived,
  freezeConfirmed,
  freezePartial,
  freezeUnconfirmed,
  freezeRefused,
  staffPage,
  auditAlarm,
  staffAccountAlarm,
  identityNeeded,
  identityPassed,
  identityFailed,
  releaseProposed,
  releaseApproved,
  accountReleased,
  caseClosed,
  holdPlaced,
  contactCompromised,
  breakGlassOwner,
  breakGlassStaff,
  securityChange,
  messageWaiting,
] as const;

/** Every mail there is, by name. What its own schema has checked is what its text is given, so the types are let go here. */
export const TEMPLATES: ReadonlyMap<string, Template<never>> = new Map(
  ALL.map((template) => [template.name, template as unknown as Template<never>]),
);
