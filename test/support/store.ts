import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'mocha';

let running: Promise<{ uri: string; close(): Promise<void> }> | undefined;

/** The store of this test run: the one that MONGODB_URI names, or one embedded store for the whole process. */
export function testStoreUri(): Promise<string> {
  running ??= process.env['MONGODB_URI'] ? given(process.env['MONGODB_URI']) : embedded();
  return running.then(({ uri }) => uri);
}

const given = async (uri: string) => ({ uri, close: async () => undefined });

async function embedded() {
  const { startStore } = await import('../../src/embedded/index.js');
  const dataDir = await mkdtemp(join(tmpdir(), 'firebreak-store-'));
  const store = await startStore({ dataDir });
  return {
    uri: store.uri,
    close: async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

after(async () => {
  await (await running)?.close();
});
