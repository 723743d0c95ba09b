import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

describe('docs/dependencies.md', () => {
  it('says of every dependency what it is for, and of nothing else', async () => {
    const text = await readFile('docs/dependencies.md', 'utf8');
    const { dependencies, devDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    const [running = '', building = ''] = text.split(/^## /m).slice(1);
    assert.deepEqual(named(running), Object.keys(dependencies));
    assert.deepEqual(named(building), Object.keys(devDependencies));
  });
});

/** The packages in the first column of a table. */
const named = (section: string): string[] =>
  [...section.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell]) =>
    [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''),
  );
