import { existsSync, readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Context } from './context.js';
import type { VerifierKey } from './proof/index.js';

export type WithContext = (act: (ctx: Context) => Promise<unknown>) => Promise<void>;

/** `firebreak audit …`. What only checks files loads nothing else: no store, no configuration. */
export function auditCommands(withContext: WithContext): Command {
  const audit = new Command('audit').description('the audit log: check it, take it out of the house, rotate its keys');

  audit
    .command('verify')
    .description('check what `audit export` wrote, or a bundle or proof by itself, with no network and no system')
    .argument('<bundle>', 'the folder of an export, an .ndjson bundle, or a .tlog-proof')
    .addOption(new Option('--key <key...>', 'a public key of the log that you know, or a file of them'))
    .addOption(new Option('--witness <key...>', 'a witness that must have signed too, or a file of them'))
    .addOption(new Option('--checkpoint <file...>', 'a checkpoint kept from before, which the log must still contain'))
    .addOption(new Option('--receipt <file...>', 'a receipt of an act, which the log must hold'))
    .action(verifyCommand);

  audit
    .command('export')
    .description('write the log, or a part of it, as NDJSON and CSV into a folder that proves itself')
    .requiredOption('--out <folder>', 'a folder that is not there yet, or empty')
    .option('--case <id>', 'only what concerns this case')
    .option('--from <instant>', 'earliest instant, inclusive; RFC 3339', instant)
    .option('--to <instant>', 'latest instant, exclusive; RFC 3339', instant)
    .option('--no-openings', 'leave out personal data')
    .option('--as-it-is', 'up to the last checkpoint, waiting for and recording nothing: for a log that is damaged')
    .action(async (given: ExportOptions) => {
      const { exportLog } = await import('./audit/index.js');
      await withContext(async (ctx) => {
        const done = await exportLog(ctx, {
          out: given.out,
          caseId: given.case,
          from: given.from,
          to: given.to,
          openings: given.openings,
          asItIs: given.asItIs ?? false,
          onProgress: progress(),
        });
        if (!done.recorded && !given.asItIs)
          process.stderr.write(
            'Without the ROOT_KEY of the system: as it is, and the log holds nothing of this export.\n',
          );
        print(`${done.events} events, proven by the checkpoint of ${done.size}, are in ${given.out}.`);
        if (done.lost.length > 0)
          throw new Error(`the store has lost ${done.lost.length} events, the first of them number ${done.lost[0]}`);
      });
    });

  audit
    .command('status')
    .description('how far the log is signed, and how far behind witnesses and the SIEM are')
    .addOption(new Option('--json', 'print one JSON object'))
    .action(async ({ json }: { json?: true }) => {
      const { readStatus } = await import('./audit/index.js');
      await withContext(async ({ db }) => {
        const status = await readStatus(db);
        if (json) return print(JSON.stringify(status));
        const { size, waiting, checkpoint, witnesses, streams } = status;
        print(`${size} events are in the log, ${waiting} acts wait for their place.`);
        print(checkpoint ? `${checkpoint.size} are signed, at ${checkpoint.at}.` : 'None are signed yet.');
        for (const { to, behind, at, failures, refused } of witnesses)
          print(
            [to, `${behind} events behind`, `since ${at}`, `${failures} failures`, refused ?? ''].join('\t').trim(),
          );
        for (const { to, behind, oldest, failures, trouble } of streams)
          print(
            [to, `${behind} events behind`, oldest ? `since ${oldest}` : '', `${failures} failures`, trouble ?? '']
              .join('\t')
              .trim(),
          );
      });
    });

  const keys = audit.command('keys').description('the keys that sign the audit log');

  keys
    .command('list')
    .description('every public key of the log with its times, oldest first')
    .addOption(new Option('--json', 'print a JSON array'))
    .action(async ({ json }: { json?: true }) => {
      const { listLogKeys } = await import('./audit/index.js');
      await withContext(async (ctx) => {
        const list = await listLogKeys(ctx);
        if (json) return print(JSON.stringify(list));
        for (const { key, createdAt, retiredAt, newest } of list) {
          const state = newest ? 'signs' : retiredAt ? `retired ${retiredAt.toISOString()}` : 'signs checkpoints too';
          print([key, `since ${createdAt.toISOString()}`, state].join('\t'));
        }
      });
    });

  keys
    .command('rotate')
    .description('make the next key, named by the one before; older ones sign checkpoints too until they are retired')
    .action(async () => {
      const { rotateLogKey } = await import('./audit/index.js');
      await withContext(async (ctx) => print(await rotateLogKey(ctx)));
    });

  keys
    .command('retire')
    .description('end signing with an older key; what it signed stays valid')
    .argument('<id>', 'eight hexadecimal digits, between the plus signs of the key')
    .action(async (id: string) => {
      const { retireLogKey } = await import('./audit/index.js');
      await withContext(async (ctx) => print(`${await retireLogKey(ctx, id)} is retired.`));
    });

  return audit;
}

interface ExportOptions {
  readonly out: string;
  readonly case?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly openings: boolean;
  readonly asItIs?: true;
}

interface VerifyOptions {
  readonly key?: readonly string[];
  readonly witness?: readonly string[];
  readonly checkpoint?: readonly string[];
  readonly receipt?: readonly string[];
}

async function verifyCommand(bundle: string, given: VerifyOptions): Promise<void> {
  const { Fault, formatKey } = await import('./proof/index.js');
  const { verifyPath } = await import('./proof/open-path.js');
  try {
    const found = await verifyPath(bundle, {
      ...(given.key && { keys: await keysGiven(given.key) }),
      ...(given.witness && { witnesses: await keysGiven(given.witness) }),
      ...(given.checkpoint && { olderCheckpoints: given.checkpoint.map((path) => readFileSync(path, 'utf8')) }),
      ...(given.receipt && { receipts: given.receipt.map(receiptText) }),
    });
    if ('index' in found) {
      print(`Proven: event ${found.index} is in the log ${found.origin} at ${found.size} events.`);
      if (found.event !== undefined) print(found.event);
      return;
    }
    const { scope, events, openings, checkpoint, signedBy, trusted, first, last } = found;
    const what = scope.kind === 'log' ? `all ${events} events` : `${events} events, each of them part`;
    const time = first === undefined ? '' : ` (${first} to ${last})`;
    const cosigned = checkpoint.signers.filter(({ key }) => key.name !== checkpoint.origin);
    const more = [
      openings > 0 && `${openings} pieces of personal data fit`,
      found.olderCheckpoints > 0 && `it continues ${found.olderCheckpoints} older checkpoints`,
      found.receipts > 0 && `it holds what ${found.receipts} receipts promised`,
      cosigned.length > 0 && `witnessed by ${cosigned.map(({ key }) => key.name).join(', ')}`,
      `signed by ${formatKey(signedBy)}${trusted ? ', which you named' : ', a key that came with the bundle: compare it with one you know'}`,
    ].filter(Boolean);
    print(`Proven: ${what} of the log ${checkpoint.origin} at ${checkpoint.size} events${time}; ${more.join('; ')}.`);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Error(`not proven: ${error.message}`);
  }
}

/** Keys as somebody names them on the command line. @throws Fault `unreadable` */
export async function keysGiven(texts: readonly string[]): Promise<readonly VerifierKey[]> {
  const { parseKey } = await import('./proof/index.js');
  const { nodePrimitives } = await import('./proof/node.js');
  return Promise.all(texts.flatMap(keyTexts).map((text) => parseKey(nodePrimitives, text)));
}

/** A key as it is, or those in a file: one a line, or as `GET /audit/keys` answers. */
function keyTexts(given: string): string[] {
  if (!existsSync(given)) return [given];
  const text = readFileSync(given, 'utf8');
  if (text.trimStart().startsWith('{')) return (JSON.parse(text) as { keys: string[] }).keys;
  return text.split('\n').filter((line) => line.trim() !== '');
}

/** The note itself, or the value of the Audit-Receipt header. */
function receiptText(path: string): string {
  const text = readFileSync(path, 'utf8');
  return text.includes('\n\n') ? text : Buffer.from(text.trim(), 'base64').toString('utf8');
}

const TELL_EVERY_MS = 1_000;

function progress(): (written: number, events: number) => void {
  let told = performance.now();
  return (written, events) => {
    if (written < events && performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    process.stderr.write(`${written} of ${events} events\n`);
  };
}

function instant(text: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError('It is no instant.');
  return date;
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
