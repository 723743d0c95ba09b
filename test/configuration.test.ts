import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { environment } from '../src/kernel/config.js';
import { SECRET_NAMES } from '../src/kernel/secrets.js';
import { argOf, type Described, isEnumerated } from './support/schema-walk.js';

/** Defaults that the page words differently, because they depend on where Firebreak is installed. */
const WORDED: Readonly<Record<string, string>> = { WORKFLOWS_DIR: 'workflows' };

describe('docs/configuration.md', () => {
  const settings = Object.entries((environment.describe() as Described).keys ?? {});
  let rows: Map<string, string[]>;
  before(async () => {
    const text = await readFile('docs/configuration.md', 'utf8');
    const cells = [...text.matchAll(/^\| `([A-Z][A-Z_]+)` \| (.+) \|$/gm)];
    rows = new Map(cells.map(([, name = '', rest = '']) => [name, rest.split(' | ')]));
    assert.equal(rows.size, cells.length, 'a variable stands there twice');
  });

  it('names every setting and every secret, and nothing else', () => {
    const known = [...settings.map(([name]) => name), ...SECRET_NAMES];
    assert.deepEqual([...rows.keys()].toSorted(), known.toSorted());
  });

  it('says the default of every setting', () => {
    for (const [name, schema] of settings) {
      const made = WORDED[name] ?? schema.flags?.['default'];
      assert.equal(rows.get(name)?.[0], made === undefined ? 'none' : `\`${made}\``, name);
    }
  });

  it('says what every setting takes', () => {
    for (const [name, schema] of settings) {
      const takes = String(rows.get(name)?.[1]);
      if (isEnumerated(schema))
        assert.equal(takes, (schema.allow ?? []).map((value) => `\`${value}\``).join(', '), name);
      const [least, most] = [argOf(schema, 'min', 'limit'), argOf(schema, 'max', 'limit')];
      if (schema.type === 'number' && most !== undefined)
        assert.ok(takes.startsWith(`${least} to ${most}`), `${name}: ${takes}`);
    }
  });

  it('says in words what each does', () => {
    for (const [name, cells] of rows) assert.ok((cells.at(-1) ?? '').length > 15, name);
  });
});
