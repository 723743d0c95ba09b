import { holds, type Scene, type Step } from './scene.js';

const REMEDIES = ['cancel_pending_withdrawals', 'revoke_sessions', 'revoke_api_keys'];

export const orderRemedies: Step = {
  name: 'a third analyst orders the damage undone',
  play: async ({ caseId, cast }) => {
    await cast.analysts[2].caller.ask('POST', `/api/cases/${caseId}/remedies`, { kinds: REMEDIES });
  },
};

export const confirmRemedies: Step = {
  name: 'the exchange undoes it',
  play: async (scene) => {
    await scene.caseUntil(
      scene.cast.analysts[2].caller,
      'remedied',
      ({ remedies }) => remedies.length === REMEDIES.length && remedies.every(({ state }) => state === 'done'),
    );
    const account = await scene.exchange.account(scene.accountId);
    holds(
      account.withdrawals.every(({ status }) => status !== 'pending'),
      'a withdrawal is still pending',
    );
    holds(
      [...account.sessions, ...account.apiKeys].every(({ revokedAt }) => revokedAt !== null),
      'a session or key still lives',
    );
  },
};

export const proposeRelease: Step = {
  name: 'that analyst proposes the release',
  play: async (scene) => {
    const { caseId, cast } = scene;
    const proposer = cast.analysts[2].caller;
    const wanted = proposalOf(scene);
    const token = await proposer.reverify('proposeRelease', { caseId }, wanted);
    const path = `/api/cases/${caseId}/release-proposals`;
    scene.learn({ proposal: await proposer.ask('POST', path, wanted, { Reverification: token }) });
  },
};

export const coolOff: Step = {
  name: 'who proposed cannot approve, and nobody before the cooling-off time is over',
  play: async (scene) => {
    const own = await scene.cast.analysts[2].caller.send('POST', approvalPath(scene));
    holds(own.status === 403, `the proposer was answered ${own.status}`);
    const wait = Date.parse(scene.know('proposal').coolingOffUntil) - Date.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, wait) + 50));
  },
};

export const approveRelease: Step = {
  name: 'the approver, a second person, approves',
  play: async (scene) => {
    const { caller } = scene.cast.approver;
    const params = { caseId: scene.caseId, approvalId: scene.know('proposal').approvalId };
    const token = await caller.reverify('approveRelease', params, {});
    await caller.ask('POST', approvalPath(scene), undefined, { Reverification: token });
  },
};

export const confirmRelease: Step = {
  name: 'the exchange confirms the release and the case closes',
  play: async (scene) => {
    const { caller } = scene.cast.customer;
    scene.learn({ closed: await scene.caseUntil(caller, 'closed', ({ state }) => state.name === 'closed') });
  },
};

export const handBack: Step = {
  name: 'the account is the owner’s again',
  play: async (scene) => {
    const { outcome } = scene.know('closed');
    holds(outcome === 'partly-recovered', `the outcome is ${outcome}`);
    holds(await scene.exchange.attempt(scene.accountId, 'trading'), 'the owner still cannot trade');
  },
};

export const proposalOf = (scene: Scene) => ({
  scopes: scene.know('frozen').freezes.flatMap((freeze) => freeze.scopes),
  outcome: 'partly-recovered',
  reason: 'Owner proven by document and callback; thief locked out.',
});

export const approvalPath = (scene: Scene): string =>
  `/api/cases/${scene.caseId}/release-proposals/${scene.know('proposal').approvalId}/approval`;
