// Turns src/**/*.ts into dist/**/*.js, file for file; types are checked apart, by `npm run typecheck`.
import { cpSync, readdirSync } from 'node:fs';
import { build } from 'esbuild';

const entryPoints = readdirSync('src', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => `${entry.parentPath}/${entry.name}`);

await build({
  entryPoints,
  outdir: 'dist',
  outbase: 'src',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
});
// Pages and styles go along as they are.
cpSync('src/web', 'dist/web', { recursive: true, filter: (path) => !/\.(ts|json)$/.test(path) });
