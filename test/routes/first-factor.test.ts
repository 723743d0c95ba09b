import assert from 'node:assert/strict';
import { makeGate } from '../../src/identity/index.js';
import { STAFF_ROLES } from '../../src/kernel/actor.js';
import type { Problem } from '../../src/kernel/problem.js';
import { routes } from '../../src/routes.js';
import { testActor } from '../support/kernel.js';

/** What staff without a second factor may do: see who they are, set one up, leave. */
const OPEN = ['readMe', 'enrolTotp', 'confirmTotp', 'offerPasskey', 'addPasskey', 'signOut'];

describe('staff whose session passed no second factor', () => {
  const { permit } = makeGate({ identity: {} } as never);
  const open = routes.filter(({ access }) => access === 'first-factor');
  const shut = routes.filter(({ access }) => access !== 'public' && access !== 'first-factor');

  it('reach what leads to one, and nothing else that is not public', () => {
    assert.deepEqual(open.map(({ id }) => id).sort(), [...OPEN].sort());
    for (const role of STAFF_ROLES) {
      const half = testActor({ kind: 'person', id: 'person_1', roles: [role], secondFactor: false });
      for (const { access } of open) permit(half, access);
      for (const { access } of shut)
        assert.throws(
          () => permit(half, access),
          (problem: Problem) => problem.code === 'second_factor_required',
        );
    }
  });

  it('is a rule for staff: customers choose, and strangers sign in first', () => {
    const customer = testActor({ kind: 'person', id: 'person_2', roles: ['customer'], secondFactor: false });
    const stranger = testActor({ kind: 'anonymous', id: 'anonymous', roles: [] });
    for (const { access } of routes.filter((route) => route.access === 'signed-in')) permit(customer, access);
    for (const { access } of [...open, ...shut.filter((route) => route.access === 'signed-in')])
      assert.throws(
        () => permit(stranger, access),
        (problem: Problem) => problem.code === 'not_signed_in',
      );
  });
});
