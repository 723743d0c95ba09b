import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import supertest from 'supertest';
import { Program } from './support/program.js';

const ENTRY = fileURLToPath(new URL('../bin/firebreak.js', import.meta.url));
const PASSWORD = 'lantern-Quarry 58 heron';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('the command line', function () {
  this.timeout(180_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'firebreak-cli-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** `firebreak …`, in a process of its own, on the embedded store of `folder`. */
  const firebreak = (args: readonly string[], env: Record<string, string> = {}) =>
    new Promise<Ended>((resolve) => {
      const options = { env: { PATH: process.env['PATH'], DATA_DIR: folder, ...env }, maxBuffer: 16 * 1024 * 1024 };
      execFile(process.execPath, [ENTRY, ...args], options, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
  const add = (email: string, ...roles: string[]) => ['people', 'add', '--email', email, '--role', ...roles];

  for (const command of [
    [],
    ['people'],
    ['people', 'add'],
    ['people', 'list'],
    ['keys'],
    ['keys', 'rotate-signing'],
    ['keys', 'list'],
    ['openapi'],
  ])
    it(`explains ${['firebreak', ...command].join(' ')}`, async () => {
      const { code, out, err } = await firebreak([...command, '--help']);
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, new RegExp(`^Usage: ${['firebreak', ...command].join(' ')} `));
      assert.match(out, /--help/);
    });

  const wrong: Record<string, readonly string[]> = {
    'unknown command': ['nonsense'],
    'unknown option': ['people', 'list', '--everybody'],
    'too many arguments': ['people', 'list', 'all'],
    "'--email <address>' not specified": ['people', 'add', '--role', 'admin'],
    "'--role <role...>' not specified": ['people', 'add', '--email', 'a@example.org'],
    'no e-mail address': add('not-an-address', 'admin'),
    'Allowed choices are agent': add('a@example.org', 'boss'),
    'Allowed choices are zh-CN, en': [...add('a@example.org', 'admin'), '--locale', 'de'],
  };
  for (const [why, args] of Object.entries(wrong))
    it(`refuses ${args.join(' ')} in one line`, async () => {
      const { code, out, err } = await firebreak(args);
      assert.notEqual(code, 0);
      assert.equal(out, '');
      assert.match(err, /^firebreak: [^\n]+\n$/);
      assert.ok(err.includes(why), err);
    });

  it('says in one line, too, what configuration, people and files do not allow', async () => {
    const clash = await firebreak(add('a@example.org', 'admin', 'customer'));
    const setting = await firebreak(['people', 'list'], { JOB_SWEEP_MS: 'often' });
    const file = await firebreak(['openapi', '--out', join(folder, 'not', 'there', 'openapi.json')]);
    for (const { code, out, err } of [clash, setting, file]) {
      assert.equal(code, 1);
      assert.equal(out, '');
      assert.match(err, /^firebreak: [^\n]+\n$/);
    }
    assert.match(setting.err, /JOB_SWEEP_MS/);
  });

  it('prints the document of the API, or writes it to a file', async () => {
    const path = join(folder, 'openapi.json');
    const printed = await firebreak(['openapi']);
    assert.equal(JSON.parse(printed.out).openapi, '3.1.0');
    assert.equal((await firebreak(['openapi', '--out', path])).code, 0);
    assert.equal(await readFile(path, 'utf8'), printed.out);
  });

  it('invites the first admin, with nothing running, once, and lists staff', async () => {
    const made = await firebreak(add('admin@example.org', 'admin'));
    assert.equal(made.code, 0, made.err);
    assert.match(
      made.out,
      /^admin@example\.org is invited as admin\.\n.*\nhttp:\/\/127\.0\.0\.1:8080\/setup#[\w-]{43}\n$/,
    );
    await firebreak(add('li@example.org', 'customer'));
    const { out } = await firebreak(['people', 'list']);
    assert.equal(out, 'admin@example.org\tadmin\tinvited\t-\n');
  });

  it('works beside a running web process, on the store that this one has open', async () => {
    const web = await new Program('main.js', /^listening on (http:\S+)$/, {
      env: { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'error' },
    }).start();
    try {
      const made = await firebreak([...add('analyst@example.org', 'analyst'), '--json']);
      assert.equal(made.code, 0, made.err);
      const token = (JSON.parse(made.out).setupLink as string).split('#')[1];
      const url = await web.said();
      await supertest(url).post('/api/setup').send({ token, password: PASSWORD }).expect(204);
      const list = JSON.parse((await firebreak(['people', 'list', '--json'])).out) as {
        email: string;
        setUp: boolean;
      }[];
      assert.deepEqual(
        list.map(({ email, setUp }) => [email, setUp]),
        [
          ['admin@example.org', false],
          ['analyst@example.org', true],
        ],
      );
      const keySet = async () => (await supertest(url).get('/.well-known/jwks.json').expect(200)).body.keys.length;
      const rotation = await firebreak(['keys', 'rotate-signing', '--json']);
      assert.equal(rotation.code, 0, rotation.err);
      const { kid, retired } = JSON.parse(rotation.out) as { kid: string; retired: string[] };
      const listed = await firebreak(['keys', 'list']);
      assert.match(
        listed.out,
        new RegExp(`^${kid}\\trotation\\tsigns from .*\\n${retired[0]}\\tSIGNING_KEY\\tverifies until `),
      );
      assert.doesNotMatch(listed.out + rotation.out, /PRIVATE/);
      assert.equal(await keySet(), 2, 'the running process knows it');
      const again = await firebreak(add('analyst@example.org', 'analyst'));
      assert.deepEqual([again.code, again.out], [1, '']);
    } finally {
      await web.end('SIGTERM');
    }
    assert.match((await firebreak(['people', 'list'])).out, /analyst@example\.org\tanalyst\tset up\t-\n$/);
  });
});
