import assert from 'node:assert/strict';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'mocha';
import { type Simulator, type SimulatorAdmin, simulatorAdmin, startSimulator } from '../../src/simulator/index.js';

interface Signed {
  method: string;
  path: string;
  body: string;
  key: string | undefined;
  created: number;
  nonce: string;
  secret: Uint8Array;
  /** Headers changed after signing. */
  altered: Record<string, string>;
  sendBody: string;
  sendPath: string;
}

describe('simulator: signed requests', () => {
  const secret = new Uint8Array(randomBytes(32));
  let simulator: Simulator;
  let admin: SimulatorAdmin;
  let accountId: string;
  before(async () => {
    simulator = await startSimulator({ secret });
    admin = simulatorAdmin(simulator.url);
    accountId = (await admin.openAccount({ email: 'owner@example.com' })).accountId;
  });
  after(() => simulator.stop());

  // Written out here once more, so that the exchange's check is not held against the client's own code.
  async function send(over: Partial<Signed> = {}): Promise<{ status: number; code: string; detail: string }> {
    const command = { kind: 'freeze', accountId, scopes: ['trading'], generation: 1, caseNumber: 'FB-1' };
    const body = over.body ?? JSON.stringify(command);
    const { method = 'POST', path = '/v1/operations', key = `op_${randomBytes(12).toString('hex')}` } = over;
    const { created = Math.floor(Date.now() / 1000), nonce = randomBytes(16).toString('base64url') } = over;
    const digest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
    const params = `("@method" "@authority" "@path" "content-digest" "idempotency-key");created=${created};nonce="${nonce}";keyid="firebreak";alg="hmac-sha256"`;
    const base = [
      `"@method": ${method}`,
      `"@authority": ${new URL(simulator.url).host}`,
      `"@path": ${path}`,
      `"content-digest": ${digest}`,
      `"idempotency-key": ${key}`,
      `"@signature-params": ${params}`,
    ].join('\n');
    const answer = await fetch(simulator.url + (over.sendPath ?? path), {
      method,
      body: over.sendBody ?? body,
      headers: {
        'content-digest': digest,
        'idempotency-key': key,
        'signature-input': `fb=${params}`,
        signature: `fb=:${createHmac('sha256', over.secret ?? secret)
          .update(base)
          .digest('base64')}:`,
        ...over.altered,
      },
    });
    return { status: answer.status, ...((await answer.json()) as { code: string; detail: string }) };
  }

  it('accepts a rightly signed request', async () => {
    assert.equal((await send()).status, 200);
  });

  const refused: [string, Partial<Signed> | (() => Partial<Signed>), string][] = [
    ['no signature', { altered: { signature: '', 'signature-input': '' } }, 'signature_missing'],
    ['another secret', { secret: new Uint8Array(32) }, 'signature_wrong'],
    ['another body than the signed one', { sendBody: '{}' }, 'digest_mismatch'],
    ['another path than the signed one', { sendPath: '/v1/messages' }, 'signature_wrong'],
    ['a query, which nobody signed', { sendPath: '/v1/operations?a=1' }, 'signature_incomplete'],
    [
      'another idempotency key than the signed one',
      { altered: { 'idempotency-key': 'op_other_0000000000' } },
      'signature_wrong',
    ],
    ['a signature of six minutes ago', () => ({ created: Math.floor(Date.now() / 1000) - 360 }), 'signature_expired'],
    ['a signature from the future', () => ({ created: Math.floor(Date.now() / 1000) + 360 }), 'signature_expired'],
  ];
  for (const [name, over, detail] of refused) {
    it(`refuses ${name}`, async () => {
      const answer = await send(typeof over === 'function' ? over() : over);
      assert.deepEqual([answer.status, answer.code, answer.detail], [401, 'unauthorized', detail]);
    });
  }

  it('refuses the very same request a second time', async () => {
    const again = {
      key: `op_${randomBytes(12).toString('hex')}`,
      nonce: 'n'.repeat(22),
      created: Math.floor(Date.now() / 1000),
    };
    assert.equal((await send(again)).status, 200);
    assert.equal((await send(again)).detail, 'signature_replayed');
  });

  it('refuses malformed commands with path and rule, and does nothing', async () => {
    const command = { kind: 'freeze', accountId, scopes: ['trading'], generation: 1, caseNumber: 'FB-1' };
    const before = (await admin.ledger()).length;
    const bodies = [
      '{',
      '[]',
      JSON.stringify({ ...command, scopes: ['everything'] }),
      JSON.stringify({ ...command, scopes: [] }),
      JSON.stringify({ ...command, generation: 0 }),
      JSON.stringify({ ...command, extra: 1 }),
      JSON.stringify({ ...command, accountId: { $ne: null } }),
    ];
    for (const body of bodies) assert.equal((await send({ body })).status, 400);
    assert.equal((await send({ key: 'short' })).status, 400);
    assert.equal((await admin.ledger()).length, before);
  });
});
