import { type Command, Option } from 'commander';
import type { WithContext } from './audit-commands.js';
import { runChecks } from './kernel/check.js';

const json = () => new Option('--json', 'print one JSON object');

/** `firebreak keys rotate`, `firebreak evidence …` and `firebreak fsck`. */
export function addEvidenceCommands(program: Command, keys: Command, withContext: WithContext): void {
  keys
    .command('rotate')
    .description('make a new master key of evidence and wrap every data key by it; objects stay as they are')
    .addOption(new Option('--no-make', 'make none: only wrap by the key that is in front now'))
    .addOption(json())
    .action(async (given: { make: boolean; json?: true }) => {
      const { rotateKeysCommand } = await import('./evidence/index.js');
      await withContext(async (ctx) => {
        const rotated = await rotateKeysCommand(ctx, given);
        if (Object.keys(rotated.lost).length > 0) process.exitCode = 1;
        if (given.json) return print(JSON.stringify(rotated));
        if (rotated.made === null && given.make) print('The master keys come from outside: nothing was made.');
        print(`${rotated.rewrapped} data keys are now wrapped by ${rotated.active}.`);
        for (const id of rotated.unused)
          print(`Nothing is under ${id} any more: take it away once no backup needs it.`);
        for (const [id, count] of Object.entries(rotated.lost))
          print(`${count} data keys are under ${id}, which is not here: their evidence cannot be read without it.`);
      });
    });

  const evidence = program.command('evidence').description('where evidence lies');

  evidence
    .command('migrate')
    .description('copy all evidence to another store and read every copy through; then EVIDENCE_URL may name it')
    .requiredOption('--to <url>', 'the other store, in the form of EVIDENCE_URL')
    .addOption(new Option('--remove', 'remove from the store of EVIDENCE_URL what lies in the other one, whole'))
    .addOption(json())
    .action(async (given: { to: string; remove?: true; json?: true }) => {
      const { migrateEvidence } = await import('./evidence/index.js');
      await withContext(async (ctx) => {
        const done = await migrateEvidence(ctx, { to: given.to, remove: given.remove ?? false });
        if (done.failed.length > 0) process.exitCode = 1;
        if (given.json) return print(JSON.stringify(done));
        print(`${done.from} -> ${done.to}: ${done.copied} objects copied, ${done.verified} read through there.`);
        if (done.removed > 0) print(`${done.removed} objects removed from ${done.from}.`);
        for (const { id, because } of done.failed) print(`${id}: ${because}`);
      });
    });

  program
    .command('fsck')
    .description('look at the whole store from outside and tell what does not fit together; changes nothing')
    .addOption(new Option('--deep', 'read every byte of evidence too'))
    .addOption(json())
    .addHelpText('after', '\nEnds with 1 when something was found.')
    .action(async ({ deep = false, json: asJson }: { deep?: boolean; json?: true }) => {
      const { checks } = await import('./checks.js');
      await withContext(async (ctx) => {
        const report = await runChecks(ctx, checks, { deep });
        if (report.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
        if (asJson) return print(JSON.stringify(report));
        for (const { name, about, findings } of report) {
          print(`${findings.length === 0 ? 'ok' : 'NOT OK'}\t${name}\t${about}`);
          for (const { says } of findings) print(`\t${says}`);
        }
      });
    });
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
