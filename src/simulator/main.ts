import { parseArgs } from 'node:util';
import { startSimulator } from './start-simulator.js';

const USAGE = `Usage: node dist/simulator/main.js [--port N] [--host ADDRESS] [--data DIR]

A small exchange to freeze accounts at. --port 0 (the default) takes a free port; with --data its state survives a restart.
EXCHANGE_KEY holds the secret shared with Firebreak (base64, at least 32 bytes), EXCHANGE_KEY_ID its name (firebreak).
The endpoints under /admin answer programs on the same machine only.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(USAGE);
} else {
  const { EXCHANGE_KEY: secret, EXCHANGE_KEY_ID: keyId } = process.env;
  if (!secret) {
    console.error('EXCHANGE_KEY is not set: the secret that requests to the exchange are signed with');
    process.exit(2);
  }
  const simulator = await startSimulator({
    port: Number(values.port),
    host: values.host,
    secret: Buffer.from(secret, 'base64'),
    ...(keyId ? { keyId } : {}),
    ...(values.data ? { dataDir: values.data } : {}),
  });
  console.log(`simulator listening on ${simulator.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void simulator.stop());
}
