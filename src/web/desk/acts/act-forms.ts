import type { ComponentType } from 'react';
import type { ActName } from '../case-types.js';
import type { ActProps } from './act-dialog.js';
import { CloseCase, LiftLegalHold, ReopenCase, SetLegalHold } from './closing-acts.js';
import { ExtendFreeze, FreezeAccount, RetryFreeze, WaiveFreeze } from './freeze-acts.js';
import { FailIdentity, RecordCheck, RequestIdentity, StartCheck } from './identity-acts.js';
import { AssignCase, LinkCaseAccount, TriageCase } from './intake-acts.js';
import { ResetCustomerFactors, RestoreContactPoint } from './recovery-acts.js';
import { ApproveRelease, DeclineRelease, OrderRemedies, ProposeRelease } from './release-acts.js';
import { CheckSupportCode, MakeSupportCode } from './support-acts.js';

/** Writing has its own place on the page, under the timeline. */
export type ActWithForm = Exclude<ActName, 'addMessage'>;

export const FORMS: Readonly<Record<ActWithForm, ComponentType<ActProps>>> = {
  triageCase: TriageCase,
  assignCase: AssignCase,
  linkCaseAccount: LinkCaseAccount,
  freezeAccount: FreezeAccount,
  retryFreeze: RetryFreeze,
  extendFreeze: ExtendFreeze,
  waiveFreeze: WaiveFreeze,
  requestIdentity: RequestIdentity,
  startCheck: StartCheck,
  recordCheck: RecordCheck,
  failIdentity: FailIdentity,
  restoreContactPoint: RestoreContactPoint,
  resetCustomerFactors: ResetCustomerFactors,
  makeSupportCode: MakeSupportCode,
  checkSupportCode: CheckSupportCode,
  orderRemedies: OrderRemedies,
  proposeRelease: ProposeRelease,
  approveRelease: ApproveRelease,
  declineRelease: DeclineRelease,
  closeCase: CloseCase,
  reopenCase: ReopenCase,
  setLegalHold: SetLegalHold,
  liftLegalHold: LiftLegalHold,
};
