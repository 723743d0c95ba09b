import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after } from 'mocha';
import { answers, installDebian } from './debian.js';

const TEST_FILES = '/usr/share/clamav-testfiles';

/** The names of two imports, as they stand in the one program that each of clamav-testfiles is, packs or carries. */
const PAYLOAD = 'Firebreak.Test.Payload:0:*:4b45524e454c33322e444c4c000045786974';
/** MD5 and size of the EICAR test file. Source: https://www.eicar.org/download-anti-malware-testfile/ */
const EICAR_HASH = '44d88612fea8a8f36de82e1278abb02f:68:Firebreak.Test.Eicar';

/** In two parts, so that no scanner takes this file for one. */
export const EICAR = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-', 'STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''),
);

/** A real clamd of this test run alone, with two signatures of ours and no others. */
export interface Clamd {
  /** Over its Unix socket. */
  readonly url: string;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Nothing when it runs. */
  start(): Promise<void>;
  /** It takes connections and answers none, until `start`. */
  freeze(): void;
}

let running: Promise<Clamd & { close(): Promise<void> }> | undefined;

/** The same one for the whole run, for it starts slowly; it runs when this returns. */
export async function testClamd(): Promise<Clamd> {
  running ??= makeClamd();
  const daemon = await running;
  await daemon.start();
  return daemon;
}

after(async () => {
  await (await running)?.close();
});

async function makeClamd(): Promise<Clamd & { close(): Promise<void> }> {
  installDebian(['clamav-daemon'], () => answers('clamd', '--version'));
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-clamd-'));
  const socket = join(folder, 'socket');
  const config = join(folder, 'clamd.conf');
  await mkdir(join(folder, 'signatures'));
  await writeFile(join(folder, 'signatures', 'own.ndb'), `${PAYLOAD}\n`);
  await writeFile(join(folder, 'signatures', 'own.hdb'), `${EICAR_HASH}\n`);
  await writeFile(config, configuration(folder, socket));
  await chmod(folder, 0o755);
  let child: ChildProcess | undefined;
  const last = () => void child?.kill('SIGKILL');
  process.once('exit', last);

  const kill = async () => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    ending.kill('SIGKILL');
    await once(ending, 'exit');
  };
  return {
    url: `unix://${socket}`,
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    start: async () => {
      child?.kill('SIGCONT');
      if (child) return;
      await rm(socket, { force: true });
      const started = spawn('clamd', ['--config-file', config, '--foreground'], { stdio: 'ignore' });
      child = started;
      while (!(await pings(socket))) {
        if (started.exitCode !== null) throw new Error(`clamd ended with ${started.exitCode} before it was ready`);
        await delay(20);
      }
    },
    close: async () => {
      await kill();
      process.off('exit', last);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const configuration = (folder: string, socket: string): string =>
  [
    `LocalSocket ${socket}`,
    'FixStaleSocket yes',
    `DatabaseDirectory ${join(folder, 'signatures')}`,
    `TemporaryDirectory ${folder}`,
    'StreamMaxLength 2M',
    'AlertExceedsMax yes',
    'SelfCheck 0',
    '',
  ].join('\n');

async function pings(socket: string): Promise<boolean> {
  try {
    const call = connect(socket);
    call.end('zPING\0');
    let answer = '';
    for await (const chunk of call) answer += chunk;
    return answer === 'PONG\0';
  } catch {
    return false;
  }
}

/** Every file of Debian's clamav-testfiles. */
export async function clamavTestFiles(): Promise<readonly { readonly name: string; readonly bytes: Buffer }[]> {
  installDebian(['clamav-testfiles'], () => existsSync(TEST_FILES));
  const names = await readdir(TEST_FILES);
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(TEST_FILES, name)) })));
}
