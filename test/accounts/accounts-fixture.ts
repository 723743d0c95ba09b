import {
  type AccountsContext,
  carryOutFreeze,
  carryOutRelease,
  carryOutRemedy,
  type FreezeDoc,
  type FreezeRequest,
  type Outcome,
  recordFreezeOutcome,
  recordReleaseOutcome,
  recordRemedyOutcome,
  requestFreeze,
  requestRelease,
} from '../../src/accounts/index.js';
import { HOUR } from '../../src/kernel/clock.js';
import { type TestKernel, testActor, testKernel } from '../support/kernel.js';
import { type ExchangeFixture, exchangeFixture } from './exchange-fixture.js';

export interface AccountsFixture extends Pick<ExchangeFixture, 'admin' | 'open' | 'exchange'> {
  readonly kernel: TestKernel;
  readonly ctx: TestKernel['ctx'] & AccountsContext;
  requestFreeze(accountId: string, over?: Partial<FreezeRequest>): Promise<FreezeDoc>;
  /** One try of the job that carries a freeze out: call, then record. */
  freeze(freezeId: string, sentBefore?: boolean): Promise<{ freeze: FreezeDoc; changed: boolean; outcome: Outcome }>;
  requestRelease(freezeId: string): Promise<FreezeDoc>;
  release(freezeId: string, sentBefore?: boolean): Promise<{ freeze: FreezeDoc; changed: boolean; outcome: Outcome }>;
  remedy(remedyId: string): Promise<Awaited<ReturnType<typeof recordRemedyOutcome>>>;
  /** Scopes frozen at the exchange now. */
  frozen(accountId: string): Promise<string[]>;
  /** How often an effect was ever applied to the account. */
  effects(accountId: string, effect: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** Verbs on a real store against a real exchange; what the jobs of the cases do between them is done here by hand. */
export async function accountsFixture(): Promise<AccountsFixture> {
  const kernel = await testKernel(); // first: what fails to open must leave nothing running
  const { exchange, admin, open, stop } = await exchangeFixture();
  const ctx = { ...kernel.ctx, exchange };
  const actor = testActor();
  let cases = 0;
  return {
    kernel,
    ctx,
    admin,
    open,
    exchange,
    requestFreeze: (accountId, over = {}) => {
      cases += 1;
      const request: FreezeRequest = {
        caseId: `case_${cases}`,
        caseNumber: `FB-0000-000${cases}-0`,
        accountId,
        scopes: ['crypto_withdrawal', 'trading'],
        kind: 'freeze',
        expiresAt: new Date(ctx.clock.now().getTime() + 24 * HOUR),
        ...over,
      };
      return ctx.transact(actor, (tx) => requestFreeze(tx, request));
    },
    freeze: async (freezeId, sentBefore = false) => {
      const outcome = await carryOutFreeze(ctx, freezeId, { sentBefore });
      return { outcome, ...(await ctx.transact(actor, (tx) => recordFreezeOutcome(tx, freezeId, outcome))) };
    },
    requestRelease: async (freezeId) => {
      const [freeze] = await ctx.transact(actor, (tx) => requestRelease(tx, { freezeId, approvalId: 'approval_1' }));
      return freeze as FreezeDoc;
    },
    release: async (freezeId, sentBefore = false) => {
      const outcome = await carryOutRelease(ctx, freezeId, { sentBefore });
      return { outcome, ...(await ctx.transact(actor, (tx) => recordReleaseOutcome(tx, freezeId, outcome))) };
    },
    remedy: async (remedyId) => {
      const outcome = await carryOutRemedy(ctx, remedyId);
      return ctx.transact(actor, (tx) => recordRemedyOutcome(tx, remedyId, outcome));
    },
    frozen: async (accountId) => Object.keys((await admin.account(accountId)).frozen).sort(),
    effects: async (accountId, effect) =>
      (await admin.ledger(accountId)).filter((one) => one.effect === effect).map(({ subject }) => subject),
    stop: async () => {
      await stop();
      await kernel.close();
    },
  };
}
