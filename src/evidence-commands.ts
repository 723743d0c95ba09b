import { createReadStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { keysGiven, type WithContext } from './audit-commands.js';
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

  const evidence = program.command('evidence').description('where evidence lies, and what proves it');

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

  evidence
    .command('manifest')
    .description('write the signed manifest of a case: every piece of evidence with its hash, times and custody')
    .argument('<case>', 'number or id of the case')
    .requiredOption('--out <file>', 'a file that is not there yet')
    .requiredOption('--reason <text>', 'why it is made; kept in the manifest and in custody')
    .action(async (which: string, given: { out: string; reason: string }) => {
      const { manifestCommand } = await import('./evidence/index.js');
      const { caseIdOf } = await import('./cases/index.js');
      await withContext(async (ctx) => {
        const caseId = await caseIdOf(ctx.db, which);
        const file = await open(given.out, 'wx', 0o600);
        try {
          for await (const text of await manifestCommand(ctx, { caseId, reason: given.reason }))
            await file.appendFile(text);
          await file.sync();
        } catch (error) {
          await rm(given.out); // half a manifest proves nothing
          throw error;
        } finally {
          await file.close();
        }
        print(`The manifest is in ${given.out}.`);
      });
    });

  evidence
    .command('verify')
    .description('check a manifest, and files against it, with no network and no system')
    .argument('<manifest>', 'what `evidence manifest` or the API wrote')
    .argument('[files...]', 'files that should be evidence of that case, byte for byte')
    .addOption(new Option('--key <key...>', 'a public key of the log that you know, or a file of them'))
    .action(verifyCommand);

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

/** Ends with 1 when the manifest is not genuine, or a file is none of its evidence. */
async function verifyCommand(manifest: string, files: readonly string[], given: { key?: readonly string[] }) {
  const { Fault, formatKey, verifyManifest } = await import('./proof/index.js');
  const { nodePrimitives } = await import('./proof/node.js');
  const hashes = new Map<string, string>();
  for (const file of files) hashes.set(file, await sha256Of(file));
  const asked = { keys: given.key && (await keysGiven(given.key)), hashes: [...hashes.values()] };
  const proven = await verifyManifest(nodePrimitives, createReadStream(manifest), asked).catch((error: unknown) => {
    throw error instanceof Fault ? new Error(`not proven: ${error.message}`) : error;
  });
  const { header, evidence, custody, signedBy, trusted, found } = proven;
  const by = trusted ? ', which you named' : ', a key that came with the manifest: compare it with one you know';
  print(
    `Proven: the manifest of case ${header.caseNumber}, made at ${header.madeAt}: ${evidence} pieces of evidence, ${custody} events of custody; signed by ${formatKey(signedBy)}${by}.`,
  );
  for (const [file, hash] of hashes) {
    const same = found.get(hash) ?? [];
    for (const { evidenceId, addedAt } of same) print(`${file} is ${evidenceId}, received ${addedAt}.`);
    if (same.length > 0) continue;
    process.exitCode = 1;
    print(`${file} is none of this evidence (SHA-256 ${hash}).`);
  }
}

async function sha256Of(path: string): Promise<string> {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
