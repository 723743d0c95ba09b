import assert from 'node:assert/strict';
import { LOCALES } from '../../src/kernel/locale.js';
import { routes } from '../../src/routes.js';

const ABOUT = 'FB-7K2M-9QXT-4';

/** Acts that are re-verified, with a body as far as the words look at it, and what the words must name. */
const ACTS: Readonly<Record<string, { body?: Record<string, unknown>; names: readonly (string | RegExp)[] }>> = {
  submitReport: { names: [] },
  freezeAccount: { body: { hours: 24 }, names: [ABOUT, '24'] },
  retryFreeze: { names: [ABOUT] },
  extendFreeze: { body: { hours: 48 }, names: [ABOUT, '48'] },
  cancelHold: { names: [ABOUT] },
  resetCustomerFactors: { names: [ABOUT] },
  recordCheck: { body: { result: 'passed' }, names: [ABOUT, /passed|记为通过/] },
  proveAuthenticator: { names: [ABOUT] },
  proposeRelease: { names: [ABOUT] },
  approveRelease: { names: [ABOUT] },
  declineRelease: { names: [ABOUT] },
  setLegalHold: { names: [ABOUT] },
  liftLegalHold: { names: [ABOUT] },
  setRetention: { names: [ABOUT] },
  downloadEvidence: { names: [ABOUT] },
  shareRedaction: { names: [ABOUT] },
  makeManifest: { names: [ABOUT] },
  invitePerson: { body: { email: 'li@example.org', roles: ['agent'] }, names: ['li@example.org', 'agent'] },
  addContactPoint: { body: { value: '+8613800138000' }, names: [/\+8613800138000/] },
  restoreContactPoint: { names: [ABOUT] },
  removeContactPoint: { names: [ABOUT] },
  setMailWord: { names: [] },
  suspendPerson: { names: [ABOUT] },
  reinstatePerson: { names: [ABOUT] },
  resetFactors: { names: [ABOUT] },
  openBreakGlass: { names: [ABOUT] },
  changePassword: { names: [] },
  startSsoLink: { names: [] },
  unlinkSso: { names: [] },
  addPasskey: { names: [] },
  removePasskey: { names: [ABOUT] },
  replaceTotp: { names: [] },
  renewRecoveryCodes: { names: [] },
  exportCaseAudit: { names: [ABOUT] },
  orderErasure: { body: { ground: 'request' }, names: [ABOUT] },
  setRoles: { body: { roles: ['agent', 'analyst'] }, names: [ABOUT, 'agent', 'analyst'] },
};

describe('what a re-verification confirms', () => {
  const acts = routes.filter((route) => route.stepUp);

  it('is known here for every act that asks for one', () => {
    assert.deepEqual(acts.map(({ id }) => id).sort(), Object.keys(ACTS).sort());
  });

  for (const { id, stepUp } of acts)
    it(`${id}: is said in every language, by the names people use`, () => {
      const { body = {}, names } = ACTS[id] ?? assert.fail(id);
      const said = stepUp?.confirms({ params: {} as never, body: body as never, about: ABOUT }) ?? assert.fail(id);
      for (const locale of LOCALES) {
        assert.match(said[locale], locale === 'en' ? /^[a-z].{15,}[^.]$/ : /\p{Script=Han}{4}.*[^。]$/u);
        assert.doesNotMatch(said[locale], /undefined|null|\[object/);
        for (const name of names) assert.match(said[locale], typeof name === 'string' ? new RegExp(name) : name);
      }
    });

  it('differs from act to act', () => {
    for (const locale of LOCALES) {
      const said = acts.map(({ id, stepUp }) => {
        const body = (ACTS[id]?.body ?? {}) as never;
        return stepUp?.confirms({ params: {} as never, body, about: ABOUT })[locale];
      });
      assert.equal(new Set(said).size, acts.length);
    }
  });
});
