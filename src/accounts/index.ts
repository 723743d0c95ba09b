// Accounts, in reading order: words -> exchange (the port) -> problems -> sign-request, exchange-call, verify-receipt,
// exchange-replies, exchange-client, no-exchange -> store -> events; request-freeze, carry-out-freeze,
// record-freeze-outcome, request-freeze-again, extend-freeze; request-release, carry-out-release, record-release-outcome,
// expire-freezes; order-remedy, carry-out-remedy, record-remedy-outcome; redeem-link-code, own-account; exchange-items,
// check-up -> view -> schema -> routes.
export { carryOutFreeze } from './carry-out-freeze.js';
export { carryOutRelease } from './carry-out-release.js';
export { carryOutRemedy } from './carry-out-remedy.js';
export type { AccountsContext, CarryOutContext } from './context.js';
export type {
  AccountState,
  Activity,
  Amount,
  Exchange,
  FreezeCommand,
  Outcome,
  OwnerMessage,
  Receipt,
  RemedyCommand,
  UnconfirmedReason,
} from './exchange.js';
export type { ExchangeSettings } from './exchange-call.js';
export { exchangeClient } from './exchange-client.js';
export { expireFreezes, expireFreezesTask, RELEASE_JOB } from './expire-freezes.js';
export { extendFreeze } from './extend-freeze.js';
export { noExchange } from './no-exchange.js';
export { orderRemedy, type RemedyOrder } from './order-remedy.js';
export { ownAccount } from './own-account.js';
export { accountProblem } from './problems.js';
export { recordFreezeOutcome } from './record-freeze-outcome.js';
export { recordReleaseOutcome } from './record-release-outcome.js';
export { recordRemedyOutcome } from './record-remedy-outcome.js';
export { type FreezeRequest, requestFreeze } from './request-freeze.js';
export { requestFreezeAgain } from './request-freeze-again.js';
export { type ReleaseRequest, requestRelease } from './request-release.js';
export { accountRoutes } from './routes.js';
export { freezeShape, remedyShape } from './schema.js';
export {
  accountVersion,
  type FreezeDoc,
  firstCappedFreeze,
  freezesOfCase,
  openFreezesOfAccount,
  type RemedyDoc,
  readFreeze,
  readRemedy,
  remediesOfCase,
} from './store.js';
export { type AccountView, type FreezeView, freezeView, type RemedyView, remedyView } from './view.js';
export * from './words.js';
