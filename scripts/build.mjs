// Turns src/**/*.ts into dist/**/*.js, file for file, what is started as a process or a thread into one file each, and the pages
// into dist/pages; types are checked apart, by `npm run typecheck`.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Rooms of src/web that Vite bundles; what lies beside them is served as it is built here. */
const BUNDLED = /^src\/web\/[^/]+(\/|\.config\.ts$)/;
/** What is started, and how soon it is ready counts: several hundred files are a third of a start, however small. */
const PROGRAMS = ['main', 'worker', 'simulator/main', 'embedded/main', 'embedded/thread', 'identity/hashing-thread'];
const PAGES = 'dist/pages';
const BUILT = `${PAGES}/.built`;

const files = (dir) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);

const options = {
  outdir: 'dist',
  outbase: 'src',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
};
await build({
  ...options,
  entryPoints: files('src').filter((path) => /(?<!\.d)\.ts$/.test(path) && !BUNDLED.test(path)),
});
for (const program of PROGRAMS)
  await build({
    ...options,
    entryPoints: [`src/${program}.ts`],
    bundle: true,
    packages: 'external',
    plugins: [ofOneFile(dirname(`src/${program}`))],
  });
// Pages and styles that stand alone go along as they are.
cpSync('src/web', 'dist/web', { recursive: true, filter: (path) => !BUNDLED.test(path) && !/\.(ts|json)$/.test(path) });

if (stale()) await buildPages();

/** What finds files from where it lies itself still does, and what is loaded later is loaded from its own file. */
function ofOneFile(from) {
  const fromHere = (path) => relative(from, path).replace(/\.ts$/, '.js');
  const setup = ({ onLoad, onResolve }) => {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const url = `new URL(${JSON.stringify(fromHere(path))}, import.meta.url).href`;
      return { contents: source.replaceAll('import.meta.url', `(${url})`), loader: 'ts' };
    });
    onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) =>
      kind === 'dynamic-import' ? { external: true, path: `./${fromHere(join(resolveDir, path))}` } : undefined,
    );
  };
  return { name: 'of-one-file', setup };
}

/** Bundling takes seconds: only when something it reads is newer than what it wrote. */
function stale() {
  if (!existsSync(BUILT)) return true;
  const builtAt = statSync(BUILT).mtimeMs;
  return [...files('src/web'), ...files('scripts'), 'openapi.json', 'package-lock.json'].some(
    (path) => !path.endsWith('/operations.ts') && statSync(path).mtimeMs > builtAt,
  );
}

async function buildPages() {
  const [{ writeClientTypes }, vite] = await Promise.all([import('./client-types.mjs'), import('vite')]);
  rmSync(PAGES, { recursive: true, force: true });
  await writeClientTypes();
  await vite.build({ configFile: 'src/web/vite.config.ts', logLevel: 'warn' });
  for (const path of files(`${PAGES}/assets`).filter((name) => /\.(js|css|svg)$/.test(name))) {
    const bytes = readFileSync(path);
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
    writeFileSync(`${path}.br`, brotliCompressSync(bytes));
  }
  writeFileSync(BUILT, '');
}
