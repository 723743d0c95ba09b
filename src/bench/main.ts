import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { benchAudit } from './audit.js';
import { benchEvidence } from './evidence.js';
import { benchFreeze } from './freeze.js';
import { benchIdentity } from './identity.js';
import { benchIntake } from './intake.js';
import { benchPages } from './pages.js';
import { benchPreviews } from './previews.js';
import { benchReady } from './ready.js';
import { benchStore } from './store.js';

const BENCHES = {
  intake: benchIntake,
  freeze: benchFreeze,
  evidence: benchEvidence,
  previews: benchPreviews,
  ready: benchReady,
  pages: benchPages,
  audit: benchAudit,
  identity: benchIdentity,
  store: benchStore,
} as const;
type Name = keyof typeof BENCHES;

const USAGE = `Usage: npm run bench -- [--json] [intake] [freeze] [evidence] [previews] [ready] [pages] [audit] [identity] [store]

Measures the running product against its bounds; without a name, everything. Uses the embedded store, or the one that
MONGODB_URI names. --json prints one JSON object as the last line.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const names = (positionals.length > 0 ? positionals : Object.keys(BENCHES)) as Name[];
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));

if (values.help || unknown.length > 0) {
  console.log(USAGE);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  const results: Record<string, unknown> = {
    machine: {
      cores: cpus().length,
      model: cpus()[0]?.model,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
      node: process.version,
    },
  };
  for (const name of names) {
    console.error(`${name} …`);
    results[name] = await BENCHES[name]();
  }
  console.log(values.json ? JSON.stringify(results) : JSON.stringify(results, null, 2));
}
