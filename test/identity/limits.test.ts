import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { makeLimits } from '../../src/identity/limits.js';
import { limiters } from '../../src/kernel/limits.js';

describe('limits of identity', () => {
  it('count the addresses of one /64 as one', async () => {
    const { tokenBySource } = makeLimits(limiters(randomBytes(32)), 2);
    for (let host = 0; host < 20; host += 1) await tokenBySource(`2001:db8::${host.toString(16)}`);
    await assert.rejects(tokenBySource('2001:db8::ffff'), { status: 429 });
    await tokenBySource('2001:db8:0:1::1');
  });

  it('let one stranger use up neither the mails nor the codes of somebody else', async () => {
    const { registerByAccount, proofs } = makeLimits(limiters(randomBytes(32)), 3);
    for (let n = 0; n < 3; n += 1) await registerByAccount('li@example.com', '203.0.113.7');
    await assert.rejects(registerByAccount('li@example.com', '203.0.113.7'), { status: 429 });
    await registerByAccount('li@example.com', '198.51.100.2');
    const stolen = { sessionId: 'session_stolen', address: '203.0.113.7' };
    for (let n = 0; n < 3; n += 1) await proofs('person_1', stolen);
    await assert.rejects(proofs('person_1', stolen), { status: 429 });
    await proofs('person_1', { sessionId: 'session_own', address: '198.51.100.2' });
    await proofs('person_1', { address: '198.51.100.2' });
  });

  it('keep a mailbox from being flooded from everywhere', async () => {
    const { registerByAccount } = makeLimits(limiters(randomBytes(32)), 3);
    for (let n = 0; n < 9; n += 1) await registerByAccount('li@example.com', `203.0.113.${n}`);
    await assert.rejects(registerByAccount('li@example.com', '203.0.113.99'), { status: 429 });
  });
});
