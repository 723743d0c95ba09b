// Turns src/**/*.ts into dist/**/*.js, file for file, and the pages into dist/pages; types are checked apart, by `npm run typecheck`.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Rooms of src/web that Vite bundles; what lies beside them is served as it is built here. */
const BUNDLED = /^src\/web\/[^/]+(\/|\.config\.ts$)/;
const PAGES = 'dist/pages';
const BUILT = `${PAGES}/.built`;

const files = (dir) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);

await build({
  entryPoints: files('src').filter((path) => /(?<!\.d)\.ts$/.test(path) && !BUNDLED.test(path)),
  outdir: 'dist',
  outbase: 'src',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
});
// Pages and styles that stand alone go along as they are.
cpSync('src/web', 'dist/web', { recursive: true, filter: (path) => !BUNDLED.test(path) && !/\.(ts|json)$/.test(path) });

if (stale()) await buildPages();

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
