import { rm } from 'node:fs/promises';
import { startProcess } from '../demo/start-process.js';
import { OPEN_LIMITS, sendReports } from './intake.js';
import { median, residentMegabytes, temporaryFolder } from './measure.js';

const STARTS = 5;
const REPORTS = 10_000;

/** Time to ready on a new folder and on one with 10,000 reports, and the memory of the process that took them in. */
export async function benchReady() {
  const fresh: number[] = [];
  for (let n = 0; n < STARTS; n += 1) {
    const folder = await temporaryFolder();
    const product = await startProcess('main.js', /listening on (\S+)/, {
      env: { DATA_DIR: folder, PORT: '0', ...OPEN_LIMITS },
    });
    fresh.push(product.readyMs);
    await product.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const folder = await temporaryFolder();
  const env = { DATA_DIR: folder, PORT: '0', ...OPEN_LIMITS };
  const product = await startProcess('main.js', /listening on (\S+)/, { env });
  await sendReports(product.match[1] as string, REPORTS);
  const megabytes = await residentMegabytes(product.pid);
  await product.stop();
  const filled: number[] = [];
  for (let n = 0; n < STARTS; n += 1) {
    const again = await startProcess('main.js', /listening on (\S+)/, { env });
    filled.push(again.readyMs);
    await again.stop();
  }
  await rm(folder, { recursive: true, force: true });
  return {
    readyMs: Math.round(median(fresh)),
    readyWith10000ReportsMs: Math.round(median(filled)),
    readyAtMostMs: 2_000,
    residentMegabytesAfter10000Reports: megabytes,
    residentAtMostMegabytes: 250,
  };
}
