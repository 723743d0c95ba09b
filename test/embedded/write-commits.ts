import { Storage } from '../../src/embedded/storage.js';
import { commit } from './commits.js';

/** Makes so many commits, one after another, and says of each whether it was kept; looks away longer than a checkpoint takes to come. */
const [dataDir = '', count = '', how = ''] = process.argv.slice(2);
const storage = await Storage.open(dataDir, { isAlone: () => how === 'at once' });
for (let n = 0; n < Number(count); n++)
  try {
    await commit(storage, n);
    process.stdout.write(`kept ${n}\n`);
    if (n === 40) await new Promise((resolve) => setTimeout(resolve, 1_500));
  } catch (error) {
    process.stdout.write(`refused ${(error as NodeJS.ErrnoException).code}\n`);
  }
await storage.close();
process.stdout.write('closed\n');
