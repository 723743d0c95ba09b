// Takes one upload in, as the web process would, and says what became of it. The tests stop it at each step of the way.
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { ledgerOf } from '../../src/audit/index.js';
import { encryption } from '../../src/evidence/encryption.js';
import { addEvidence } from '../../src/evidence/index.js';
import { makeVault, openObjects } from '../../src/evidence/open-vault.js';
import { systemClock } from '../../src/kernel/clock.js';
import { readConfig } from '../../src/kernel/config.js';
import { newId } from '../../src/kernel/ids.js';
import { openDb } from '../../src/kernel/mongo.js';
import { makeOutbox } from '../../src/kernel/outbox.js';
import { readSecrets } from '../../src/kernel/secrets.js';
import { makeTransact } from '../../src/kernel/transact.js';

const config = readConfig(process.env);
const secrets = readSecrets(config, process.env);
const db = await openDb(String(config.mongoUri), config.dbName);
const transact = makeTransact({
  db,
  clock: systemClock,
  ledger: ledgerOf(secrets.auditKey),
  outbox: makeOutbox(() => undefined),
});
const vault = makeVault(await openObjects(config, secrets), { config, secrets, transact });
const actor = { kind: 'person', id: 'person_owner', roles: ['customer'], requestId: newId('request') } as const;
await encryption(); // what is loaded later would be stopped in place of the upload
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));

const bytes = Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(300_000)]);
try {
  const held = await vault.hold(Readable.from([bytes]));
  const file = {
    held,
    name: 'a.zip',
    declaredType: undefined,
    content: { type: 'application/zip' },
    typeMismatch: false,
  } as const;
  try {
    await transact(actor, (tx) =>
      addEvidence(
        tx,
        { vault, config, scanner: undefined },
        { caseId: 'case_0123456789abcdef01234567', files: [file], why: 'test' },
      ),
    );
    await vault.settle(held);
    process.stdout.write('kept\n');
  } catch (error) {
    await vault.discard(held, actor);
    throw error;
  }
} catch (error) {
  process.stdout.write(`refused ${(error as { code?: string }).code ?? (error as Error).name}\n`);
}
process.exit(0);
