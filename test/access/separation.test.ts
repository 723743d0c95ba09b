import assert from 'node:assert/strict';
import { approvingClash, isOwnCase, mayManage, proposingClash } from '../../src/access/index.js';

const hands = (verifiers: string[], proposer?: string) => ({
  verifiers: new Set(verifiers),
  ...(proposer === undefined ? {} : { proposer }),
});

describe('separation of duties', () => {
  it('who verified does not propose', () => {
    assert.equal(proposingClash('ann', hands(['ann', 'bob'])), 'own_verification');
    assert.equal(proposingClash('cid', hands(['ann', 'bob'])), null);
  });

  it('who proposed does not approve, nor does who verified, nor anybody when the proposer verified since', () => {
    assert.equal(approvingClash('cid', hands(['ann'], 'cid')), 'own_proposal');
    assert.equal(approvingClash('ann', hands(['ann'], 'cid')), 'own_verification');
    assert.equal(approvingClash('dee', hands(['ann', 'cid'], 'cid')), 'own_verification');
    assert.equal(approvingClash('dee', hands(['ann'], 'cid')), null);
  });

  it('of any three people there is one way round only: verifier, proposer and approver differ', () => {
    const people = ['ann', 'bob', 'cid'];
    for (const verifier of people)
      for (const proposer of people)
        for (const approver of people) {
          const allowed =
            proposingClash(proposer, hands([verifier])) === null &&
            approvingClash(approver, hands([verifier], proposer)) === null;
          assert.equal(allowed, new Set([verifier, proposer, approver]).size === 3);
        }
  });

  it('nobody decides about themselves', () => {
    assert.equal(mayManage('ann', 'ann'), false);
    assert.equal(mayManage('ann', 'bob'), true);
  });

  it('nobody works on a case of their own, as customer or as owner of the account', () => {
    assert.equal(isOwnCase('ann', { customerId: 'ann', ownerId: undefined }), true);
    assert.equal(isOwnCase('ann', { ownerId: 'ann' }), true);
    assert.equal(isOwnCase('ann', { customerId: 'bob', ownerId: 'cid' }), false);
    assert.equal(isOwnCase('ann', {}), false);
  });
});
