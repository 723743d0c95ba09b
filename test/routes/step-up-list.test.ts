import assert from 'node:assert/strict';
import type { Role } from '../../src/kernel/actor.js';
import type { AnyRoute } from '../../src/kernel/route.js';
import { routes } from '../../src/routes.js';
import { wholeBody } from '../support/arbitrary-of.js';
import { type TestContext, testContext } from '../support/context.js';
import { everyRole, type Person } from '../support/people.js';
import { roleFor } from '../support/permitted.js';
import { assertProblem } from '../support/problem.js';
import { samplePath } from '../support/sample-path.js';

/** What our agreement on security says must be re-verified, and the operations that do it. */
const LIST: Readonly<Record<string, string>> = {
  'freezing an account': 'submitReport freezeAccount retryFreeze extendFreeze',
  'releasing an account': 'proposeRelease cancelHold',
  'approving a release': 'approveRelease declineRelease',
  'verifying an identity': 'recordCheck proveAuthenticator',
  'changing a factor':
    'addPasskey removePasskey replaceTotp renewRecoveryCodes resetFactors resetCustomerFactors startSsoLink unlinkSso',
  'changing a password': 'changePassword',
  'changing the word of our mails': 'setMailWord',
  'changing an address': 'addContactPoint removeContactPoint restoreContactPoint',
  'changing a role': 'invitePerson setRoles suspendPerson reinstatePerson',
  'opening original evidence': 'downloadEvidence shareRedaction',
  'exporting audit or case': 'exportCaseAudit makeManifest',
  'erasing a person from the log': 'orderErasure',
  'legal hold': 'setLegalHold liftLegalHold setRetention',
  'break-glass': 'openBreakGlass',
};

/** Works without as well, and why that opens nothing. */
const WITHOUT: Readonly<Record<string, string>> = {
  submitReport: 'then it freezes nothing by itself',
  addPasskey: 'the first second factor: the password was given with the offer',
  changePassword: 'who has no second factor gives the present password',
  addContactPoint: 'who has no second factor gives the password',
  setMailWord: 'who has no second factor gives the password',
  startSsoLink: 'who has no second factor gives the password',
  unlinkSso: 'who has no second factor keeps the password',
  downloadEvidence: 'customers open what they sent in themselves; staff are asked',
};

const byId = new Map((routes as readonly AnyRoute<never>[]).map((route) => [route.id, route]));
const listed = Object.entries(LIST).flatMap(([what, ids]) => ids.split(' ').map((id) => [what, id] as const));

describe('What must be re-verified', () => {
  for (const [what, id] of listed)
    it(`${what}: ${id}`, () => {
      const route = byId.get(id) ?? assert.fail(`${id} is gone: say which operation does this now`);
      assert.ok(route.stepUp, 'asks for a re-verification');
      assert.equal(route.stepUp.optional ?? false, id in WITHOUT, 'always, or it is said here why not');
    });

  describe('over HTTP', () => {
    let world: TestContext;
    let people: Record<Role, Person>;
    before(async function () {
      this.timeout(60_000);
      world = await testContext();
      people = await everyRole(world);
    });
    after(() => world?.close());

    it('is answered as RFC 9470 says when it comes without, and nothing happens', async () => {
      const events = (await world.events()).length;
      const always = [...byId.values()].filter(({ stepUp }) => stepUp && !stepUp.optional);
      assert.ok(always.length > 10);
      for (const route of always) {
        const who = people[roleFor(route) ?? 'customer'];
        const answer = await who
          .send(route.method, samplePath(route))
          .send(route.body ? wholeBody(route.body) : undefined);
        assertProblem(answer, 401, 'step_up_required');
        assert.match(
          String(answer.headers['www-authenticate']),
          /^Bearer error="insufficient_user_authentication", .*acr_values="urn:firebreak:acr:reverified", max_age=300$/,
          route.id,
        );
      }
      assert.equal((await world.events()).length, events);
    });
  });
});
