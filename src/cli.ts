import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { auditCommands } from './audit-commands.js';
import type { Context } from './context.js';
import { addEvidenceCommands } from './evidence-commands.js';
import { type Role, STAFF_ROLES } from './kernel/actor.js';
import { type Config, readConfig } from './kernel/config.js';
import { LOCALES, type Locale } from './kernel/locale.js';
import { readSecrets } from './kernel/secrets.js';
import { witnessCommand } from './witness-command.js';

// Everything else is loaded by the command that needs it: checking a bundle must not need the system.

const program = new Command('firebreak')
  .description('Contain, prove and resolve: the command line of Firebreak.')
  .addHelpText('after', '\nFinds the system by DATA_DIR or MONGODB_URI, like the web process does, running or not.')
  .configureOutput({
    // One line that says what is wrong and where to look; commands made below inherit it.
    outputError: (text, write) => write(`firebreak: ${inOneLine(text).replace(/^error: /, '')} (see --help)\n`),
  });

const people = program.command('people').description('people and their roles');

people
  .command('add')
  .description('invite somebody and print a one-time set-up link; the only way to the first admin')
  .requiredOption('--email <address>', 'e-mail address, the name to sign in with')
  .addOption(
    new Option('--role <role...>', 'what the person may do')
      .choices([...STAFF_ROLES, 'customer'])
      .makeOptionMandatory(),
  )
  .addOption(new Option('--locale <locale>', 'language of what we write to them').choices(LOCALES).default('zh-CN'))
  .addOption(new Option('--json', 'print one JSON object'))
  .action(async (given: { email: string; role: Role[]; locale: Locale; json?: true }) => {
    const { addPersonCommand, emailAddress } = await import('./identity/index.js');
    const { error, value: email } = emailAddress.validate(given.email);
    if (error) throw new InvalidArgumentError("option '--email <address>' is invalid. It is no e-mail address.");
    await withContext(async (ctx) => {
      const made = await addPersonCommand(ctx, { email, roles: given.role, locale: given.locale });
      if (given.json) return print(JSON.stringify(made));
      print(`${given.email} is invited as ${given.role.join(', ')}.`);
      print(`Hand over this link; it works once, until ${made.expiresAt.toISOString()}:`);
      print(made.setupLink);
    });
  });

people
  .command('list')
  .description('all staff, oldest first, as a table or as JSON; customers are not listed')
  .addOption(new Option('--json', 'print a JSON array'))
  .action(async ({ json }: { json?: true }) => {
    const { listPeopleCommand } = await import('./identity/index.js');
    await withContext(async (ctx) => {
      const list = await listPeopleCommand(ctx);
      if (json) return print(JSON.stringify(list));
      for (const one of list) {
        print(
          [
            one.email,
            one.roles.join(','),
            one.setUp ? 'set up' : 'invited',
            one.secondFactor ? 'two factors' : '-',
          ].join('\t'),
        );
      }
    });
  });

const keys = program.command('keys').description('the keys that sign access tokens, and those that encrypt evidence');

keys
  .command('rotate-signing')
  .description(
    'make a new key; the others verify until their last tokens are over. Running processes find it by themselves',
  )
  .addOption(
    new Option('--leaked', 'a key is known to somebody else: the new one signs and the others are void at once'),
  )
  .addOption(new Option('--json', 'print one JSON object'))
  .action(async ({ leaked = false, json }: { leaked?: boolean; json?: true }) => {
    const { rotateSigningKey } = await import('./identity/index.js');
    await withContext(async (ctx) => {
      const made = await rotateSigningKey(ctx, { leaked });
      if (json) return print(JSON.stringify(made));
      print(`${made.kid} signs from ${made.signsFrom.toISOString()}.`);
      for (const kid of made.retired) print(`${kid} verifies until ${made.retiredFrom.toISOString()}.`);
    });
  });

keys
  .command('list')
  .description('every key with its times, the newest first; never the keys themselves')
  .addOption(new Option('--json', 'print a JSON array'))
  .action(async ({ json }: { json?: true }) => {
    const { listSigningKeys } = await import('./identity/index.js');
    await withContext(async (ctx) => {
      const list = await listSigningKeys(ctx);
      if (json) return print(JSON.stringify(list));
      for (const { kid, from, signsFrom, verifiesUntil } of list) {
        const times = [
          signsFrom && `signs from ${signsFrom.toISOString()}`,
          `verifies until ${verifiesUntil?.toISOString() ?? 'it is rotated'}`,
        ];
        print([kid, from, ...times.filter(Boolean)].join('\t'));
      }
    });
  });

addEvidenceCommands(program, keys, withContext);

program
  .command('openapi')
  .description('print the OpenAPI 3.1 document of the API')
  .option('--out <file>', 'write it to a file instead')
  .action(async ({ out }: { out?: string }) => {
    const { apiDocument } = await import('./routes.js');
    const text = `${JSON.stringify(apiDocument(), null, 2)}\n`;
    if (out) await writeFile(out, text);
    else process.stdout.write(text);
  });

program.addCommand(auditCommands(withContext));
program.addCommand(witnessCommand());

/** Opens the system for one command; beside a running one it works on the same store. */
async function withContext(act: (ctx: Context) => Promise<unknown>): Promise<void> {
  const config: Config = readConfig({ ...process.env, LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error' });
  const { Context } = await import('./context.js');
  const ctx = await Context.fromConfig(config, readSecrets(config, process.env));
  try {
    await act(ctx);
  } finally {
    await ctx.close();
  }
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

const inOneLine = (text: string): string => text.trim().replaceAll(/\s*\n\s*/g, ' ');

program.parseAsync().catch((error: unknown) => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`firebreak: ${process.env['LOG_LEVEL'] === 'debug' ? stack : inOneLine(message)}\n`);
  process.exitCode = 1;
});
