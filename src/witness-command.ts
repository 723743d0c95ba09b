import { Command, InvalidArgumentError } from 'commander';

interface Options {
  readonly data: string;
  readonly name: string;
  readonly log: readonly string[];
  readonly host: string;
  readonly port: number;
}

/** `firebreak witness`: for somebody else than who runs the log. It needs nothing of the rest. */
export const witnessCommand = (): Command =>
  new Command('witness')
    .description("witness other people's audit logs (C2SP tlog-witness): sign what continues, refuse a fork")
    .requiredOption('--data <folder>', 'where it keeps its key and remembers what it signed; one process at a time')
    .requiredOption('--name <name>', 'its name in signatures, an address without scheme: witness.example/w1')
    .requiredOption('--log <key...>', 'public keys of the logs to follow, as `firebreak audit keys list` prints them')
    .option('--host <host>', 'where it listens; put TLS in front of it', '127.0.0.1')
    .option('--port <port>', '0 takes a free one', port, 8090)
    .action(async (given: Options) => {
      const { startWitness } = await import('./witness/index.js');
      const witness = await startWitness({ ...given, folder: given.data, logs: given.log });
      process.stdout.write(`witness ${witness.key}\nlistening on ${witness.url}\n`);
      const stop = () => {
        witness.close().then(
          () => process.exit(0),
          () => process.exit(1),
        );
      };
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
    });

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) throw new InvalidArgumentError('It is no port.');
  return number;
}
