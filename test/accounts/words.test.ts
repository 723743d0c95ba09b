import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { FREEZE_STATES, type FreezeState, releasableScopes, type Scope } from '../../src/accounts/index.js';

describe('releasable scopes', () => {
  const freeze = (_id: string, state: FreezeState, ...scopes: Scope[]) => ({ _id, state, scopes });

  it('are those that no other freeze of the account still wants', () => {
    const mine = freeze('a', 'active', 'crypto_withdrawal', 'trading');
    const expected: Record<FreezeState, Scope[]> = {
      requested: ['crypto_withdrawal'],
      active: ['crypto_withdrawal'],
      partial: ['crypto_withdrawal'],
      unconfirmed: ['crypto_withdrawal'],
      failed: ['crypto_withdrawal', 'trading'],
      'release-pending': ['crypto_withdrawal', 'trading'],
      released: ['crypto_withdrawal', 'trading'],
    };
    for (const state of FREEZE_STATES)
      assert.deepEqual(
        releasableScopes(mine, [mine, freeze('b', state, 'trading', 'sign_in')]),
        expected[state],
        state,
      );
  });
});
