import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'mocha';
import type { Receipt } from '../../src/accounts/exchange.js';
import { answersCommand, introducedKey, isSigned } from '../../src/accounts/verify-receipt.js';
import { receiptKey } from '../../src/simulator/receipt-key.js';
import { freezeCommand } from './exchange-fixture.js';

describe('verify receipt', () => {
  const secret = new Uint8Array(randomBytes(32));
  const key = receiptKey(secret);
  const publicKey = introducedKey(key, secret);
  const command = { kind: 'freeze', ...freezeCommand('acct-1') } as const;
  const receipt = key.sign({
    receiptId: 'rcpt_1',
    operationId: command.operationId,
    kind: 'freeze',
    accountId: 'acct-1',
    caseNumber: command.caseNumber,
    generation: 1,
    applied: ['crypto_withdrawal'],
    missing: ['trading'],
    confirmedAt: '2026-01-01T00:00:00.000Z',
  }) as Receipt;

  it('accepts what the exchange signed, and no change of a single member', () => {
    assert.ok(publicKey);
    assert.equal(isSigned(receipt, publicKey), true);
    const changes = [
      { applied: ['crypto_withdrawal', 'trading'] },
      { accountId: 'acct-2' },
      { generation: 2 },
      { extra: 1 },
    ];
    for (const change of changes) assert.equal(isSigned({ ...receipt, ...change } as Receipt, publicKey), false);
  });

  it('accepts a receipt key only from who holds the shared secret', () => {
    assert.equal(introducedKey(receiptKey(new Uint8Array(32)), secret), undefined);
    assert.equal(introducedKey({ ...key, introduction: 'AAAA' }, secret), undefined);
  });

  it('a genuine receipt of something else proves nothing', () => {
    assert.equal(answersCommand(receipt, command), true);
    const others = [
      { operationId: 'op_2' },
      { accountId: 'acct-2' },
      { generation: 2 },
      { caseNumber: 'FB-2' },
      { scopes: ['crypto_withdrawal'] },
      { scopes: ['crypto_withdrawal', 'sign_in'] },
      { kind: 'release' },
    ] as const;
    for (const other of others)
      assert.equal(answersCommand(receipt, { ...command, ...other } as typeof command), false);
  });
});
