import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const WORKFLOWS = join(import.meta.dirname, '../../workflows');

/** A copy of the real workflows in a temporary folder, to be broken. */
export function copyOfWorkflows() {
  const dir = mkdtempSync(join(tmpdir(), 'workflows-'));
  cpSync(WORKFLOWS, dir, { recursive: true });
  const path = (name: string) => join(dir, name);
  return {
    dir,
    path,
    read: (name: string) => readFileSync(path(name), 'utf8'),
    write: (name: string, text: string) => writeFileSync(path(name), text),
    /** Replaces the first occurrence of `old`; fails when there is none, so that a test cannot pass for nothing. */
    edit(name: string, old: string, fresh: string) {
      const text = readFileSync(path(name), 'utf8');
      if (!text.includes(old)) throw new Error(`${name} has no ${old}`);
      writeFileSync(
        path(name),
        text.replace(old, () => fresh),
      );
      return text.slice(0, text.indexOf(old)).split('\n').length;
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
