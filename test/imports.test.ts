import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Wrong imports, each as `file: what it imports`, and the rule that must name it. */
const WRONG: readonly (readonly [file: string, source: string, rule: string])[] = [
  ['kernel/a.ts', "import '../audit/index.js'", 'kernel-knows-nothing'],
  ['kernel/b.ts', "import type { X } from '../workflow/index.js'; export type Y = X", 'kernel-knows-nothing'],
  ['audit/a.ts', "import '../access/index.js'", 'audit-stands-on-kernel'],
  ['workflow/a.ts', "export type { X } from '../cases/index.js'", 'workflow-stands-on-kernel'],
  ['access/a.ts', "export * from '../identity/index.js'", 'access-stands-on-kernel'],
  ['reports/a.ts', "import '../audit/inner.js'", 'floors-by-their-door'],
  ['identity/a.ts', "import '../accounts/index.js'", 'identity-one-way'],
  ['accounts/a.ts', "await import('../evidence/index.js')", 'accounts-one-way'],
  ['evidence/a.ts', "import { type X } from '../cases/index.js'; export type Y = X", 'evidence-one-way'],
  ['cases/a.ts', "import '../reports/index.js'", 'cases-one-way'],
  ['cases/b.ts', "import '../notices/index.js'", 'cases-one-way'],
  ['reports/b.ts', "import '../cases/inner.js'", 'cases-by-its-door'],
  ['reports/c.ts', "import '../context.js'", 'only-processes-assemble'],
  ['evidence/b.ts', "import 'sharp'", 'decoders-in-their-process'],
  ['evidence/previewer/a.ts', "import '../index.js'", 'previewer-knows-nothing'],
  ['notices/a.ts', "import '../identity/index.js'", 'notices-imports-no-feature'],
  ['embedded/a.ts', "import '../kernel/index.js'", 'standing-alone'],
  ['simulator/a.ts', "import '../accounts/index.js'", 'standing-alone'],
  ['web/a.ts', "import '../kernel/index.js'", 'pages-stand-alone'],
  ['proof/a.ts', "import '../kernel/index.js'", 'standing-alone'],
  ['proof/b.ts', "import 'node:crypto'", 'proof-in-browsers'],
  ['witness/a.ts', "import '../kernel/index.js'", 'witness-stands-alone'],
  ['identity/b.ts', "import '../simulator/index.js'", 'nobody-imports-the-top'],
  ['worker.ts', "import './main.js'", 'nobody-imports-the-top'],
  ['bench/a.ts', "import '../main.js'", 'demo-and-bench-from-outside'],
  ['context.ts', "import './app.js'", 'assembly-one-way'],
  ['app.ts', "import './routes.js'; import './embedded/inner.js'", 'embedded-by-its-door'],
  ['jobs.ts', "import './context.js'", 'lists-know-no-context'],
  ['access/b.ts', "import './c.js'", 'no-circles'],
  ['access/d.ts', "import './nowhere.js'", 'resolvable'],
  ['access/e.ts', "import 'supertest'", 'declared'],
];

/** Right ones, so that a rule that forbade everything would be noticed. */
const RIGHT: readonly (readonly [file: string, source: string])[] = [
  ['main.ts', "import './app.js'; import './context.js'; import './routes.js'; import './kernel/index.js'"],
  ['cli.ts', "import './context.js'; import './identity/index.js'; import './embedded/index.js'"],
  ['routes.ts', "import './reports/index.js'; import './audit/index.js'; import './notices/index.js'"],
  [
    'reports/d.ts',
    "import '../cases/index.js'; import '../identity/index.js'; import '../audit/index.js'; import '../kernel/inner.js'",
  ],
  ['evidence/previewer/b.ts', "import '../words.js'; import './c.js'; import 'sharp'"],
  ['notices/b.ts', "import '../kernel/inner.js'; import './inner.js'; import 'joi'"],
  ['demo/a.ts', "import '../simulator/index.js'"],
];

const ROOMS = [
  'kernel',
  'workflow',
  'audit',
  'access',
  'reports',
  'cases',
  'evidence',
  'accounts',
  'identity',
  'notices',
  'embedded',
  'simulator',
];

describe('the import rule', () => {
  it('names every wrong import, and no right one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'firebreak-imports-'));
    try {
      for (const room of ROOMS)
        for (const name of ['index', 'inner']) await put(folder, `${room}/${name}.ts`, 'export {}');
      for (const file of ['evidence/words.ts', 'evidence/previewer/c.ts']) await put(folder, file, 'export {}');
      for (const [file, source] of [...WRONG, ...RIGHT]) await put(folder, file, source);
      await put(folder, 'access/c.ts', "import type { X } from './b.js'; export type Y = X"); // closes the circle of access/b.ts
      await symlink(resolve('node_modules'), join(folder, 'node_modules'));
      await writeFile(join(folder, 'package.json'), await readFile('package.json'));
      const found = await violations(folder);
      const expected = WRONG.map(([file, , rule]) => `${rule}: src/${file}`);
      assert.deepEqual(
        expected.filter((each) => !found.includes(each)),
        [],
      );
      const rightOnes = new Set(RIGHT.map(([file]) => `src/${file}`));
      assert.deepEqual(
        found.filter((each) => rightOnes.has(each.split(': ')[1] ?? '')),
        [],
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is not walked around by import types, which the check cannot see', async () => {
    const files = (await readdir('src', { recursive: true })).filter((path) => path.endsWith('.ts'));
    const sources = await Promise.all(
      files.map(async (path) => [path, await readFile(join('src', path), 'utf8')] as const),
    );
    const around = sources
      .filter(([, source]) => /\bimport\(\s*['"]\.[^)]*\)\s*\.(?!then\b|catch\b|finally\b)/.test(source))
      .map(([path]) => path);
    assert.deepEqual(around, []);
  });
});

async function put(folder: string, path: string, source: string): Promise<void> {
  const file = join(folder, 'src', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${source};\n`);
}

/** `rule: file` for each violation. */
function violations(cwd: string): Promise<string[]> {
  const program = resolve('node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const rules = resolve('.dependency-cruiser.cjs');
  return new Promise((done, failed) => {
    execFile(
      process.execPath,
      [program, '--config', rules, '-T', 'json', 'src'],
      { cwd, maxBuffer: 64e6 },
      (error, out) => {
        try {
          const { summary } = JSON.parse(out) as {
            summary: { violations: { from: string; rule: { name: string } }[] };
          };
          done(summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`));
        } catch {
          failed(error ?? new Error('no report'));
        }
      },
    );
  });
}
