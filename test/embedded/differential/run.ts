import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { mongo } from 'mongoose';
import { startStore } from '../../../src/embedded/index.js';
import { search } from './compare.js';
import { record } from './corpus.js';
import { DEPARTURES } from './departures/departures.js';

const {
  commands,
  seed,
  path,
  engine,
  keepGoing,
  record: wanted,
} = new Command('differential')
  .description(
    'Sends the same random commands to the embedded store and to a full engine, and compares what they answer.',
  )
  .option('--commands <n>', 'how many commands to send', Number, 100_000)
  .option('--seed <n>', 'which ones; a difference prints the seed that finds it again', Number, Date.now() % 1_000_000)
  .option('--path <path>', 'one program of that seed, as it was printed')
  .option('--keep-going', 'print every difference as it was met, rather than end at the first and make it small', false)
  .option('--record <programs>', 'write so many programs of that seed, with their answers, to corpus.jsonl', Number)
  .option('--engine <uri>', 'the engine', process.env['MONGODB_URI'] ?? 'mongodb://127.0.0.1:27117/?replicaSet=rs0')
  .parse()
  .opts<{ commands: number; seed: number; path?: string; engine: string; keepGoing: boolean; record?: number }>();

await new mongo.MongoClient(engine, { serverSelectionTimeoutMS: 5_000 })
  .connect()
  .then((client) => client.close())
  .catch(() => {
    console.error(`no engine at ${engine}: start one, or name it with --engine or MONGODB_URI`);
    process.exit(1);
  });

const dataDir = await mkdtemp(join(tmpdir(), 'differential-'));
const store = await startStore({ dataDir });
try {
  if (wanted !== undefined) {
    console.log(`${await record(store.uri, engine, seed, wanted)} commands recorded`);
    process.exit(0);
  }
  const each = (tally: { commands: number }) => process.stderr.write(`\r${tally.commands} commands`);
  let differences = 0;
  const told = (report: string) => {
    differences++;
    process.exitCode = 1;
    console.error(`\n${report}`);
  };
  const onDifference = keepGoing ? told : undefined;
  const tally = await search({ ours: store.uri, theirs: engine, commands, seed, path, each, onDifference });
  console.log(
    `\n${tally.commands} commands, seed ${seed}: ${differences || 'no'} difference${differences === 1 ? '' : 's'} but`,
  );
  for (const { name, reason } of DEPARTURES)
    console.log(`${String(tally.departures.get(name) ?? 0).padStart(6)}  ${name}: ${reason}`);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
}
