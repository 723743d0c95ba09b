import { parseArgs } from 'node:util';
import { checkStore } from './check.js';
import { compactFolder, copyFolder } from './folder-copies.js';
import { serve } from './server.js';
import { Store } from './store.js';

const HELP = `Serves a folder as a MongoDB of one member.

  --data DIR     the folder (made when missing)
  --port N       listen on 127.0.0.1:N; 0 takes a free port
  --socket PATH  listen on this Unix socket instead (default: store.sock in the folder)
  --check        look through the folder instead of serving it; exit 1 when something is wrong
  --copy DIR     write a compact copy into another folder, also while this one is served
  --compact      give back the free space in the folder's file
  --help         show this

The last line printed is the connection string. SIGTERM and SIGINT close the store.
`;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string' },
    socket: { type: 'string' },
    check: { type: 'boolean' },
    copy: { type: 'string' },
    compact: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
} else {
  try {
    await run();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

async function run(): Promise<void> {
  const port = values.port === undefined ? undefined : Number(values.port);
  if (values.data === undefined) throw new Error('--data DIR is missing; --help says more');
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65536))
    throw new Error(`--port ${values.port} is not a port`);
  if (values.copy !== undefined) return await copyFolder(values.data, values.copy);
  if (values.compact) {
    process.stdout.write(`${JSON.stringify(await compactFolder(values.data))}\n`);
    return;
  }
  if (values.check) return await inspect(values.data);
  const served = await serve({ dataDir: values.data, port, socketPath: values.socket });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void served.close());
  process.stdout.write(`${served.uri}\n`);
}

async function inspect(dataDir: string): Promise<void> {
  const store = await Store.open(dataDir);
  try {
    const { faults, ...counts } = checkStore(store);
    for (const fault of faults) process.stdout.write(`${fault}\n`);
    process.stdout.write(`${JSON.stringify({ ok: faults.length === 0, ...counts, faults: faults.length })}\n`);
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    await store.close();
  }
}
