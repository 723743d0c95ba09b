import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, describe, it } from 'mocha';
import { exchangeClient } from '../../src/accounts/exchange-client.js';
import { simulatorAdmin } from '../../src/simulator/index.js';
import { freezeCommand } from '../accounts/exchange-fixture.js';

describe('simulator: a process of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-exchange-'));
  const secret = randomBytes(32);
  const children: ChildProcess[] = [];
  after(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) await end(child, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  const start = async (): Promise<{ child: ChildProcess; url: string }> => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'src/simulator/main.ts', '--port', '0', '--data', folder],
      {
        env: { ...process.env, EXCHANGE_KEY: secret.toString('base64') },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    children.push(child);
    const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [string];
    const url = /^simulator listening on (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1];
    assert.ok(url, line);
    return { child, url };
  };
  const end = async (child: ChildProcess, signal: NodeJS.Signals) => {
    const ended = once(child, 'exit');
    child.kill(signal);
    return ended;
  };

  it('keeps what it answered for over kill -9 and a torn last line', async () => {
    const settings = { keyId: 'firebreak', secret: new Uint8Array(secret), timeoutMs: 5_000 };
    const first = await start();
    const { accountId } = await simulatorAdmin(first.url).openAccount({ email: 'a@example.com', sample: true });
    const command = freezeCommand(accountId);
    const outcome = await exchangeClient({ ...settings, url: first.url }).freeze(command);
    assert.equal(outcome.state, 'confirmed');
    const before = await simulatorAdmin(first.url).account(accountId);
    await end(first.child, 'SIGKILL');
    appendFileSync(join(folder, 'exchange.jsonl'), '{"type":"operation_comm');

    const second = await start();
    const admin = simulatorAdmin(second.url);
    assert.deepEqual(await admin.account(accountId), before);
    const again = await exchangeClient({ ...settings, url: second.url }).freeze(command);
    assert.deepEqual(again, outcome, 'the same receipt, not a second effect');
    assert.equal((await admin.ledger(accountId)).filter(({ effect }) => effect === 'scope_frozen').length, 2);
    const [code] = await end(second.child, 'SIGTERM');
    assert.equal(code, 0);
  });

  it('does not start without a secret', async () => {
    const { EXCHANGE_KEY: _, ...env } = process.env;
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/simulator/main.ts'], { env, stdio: 'ignore' });
    children.push(child);
    assert.deepEqual(await once(child, 'exit'), [2, null]);
  });
});
