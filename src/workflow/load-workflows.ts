import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkGraph, leavesOf } from './check-graph.js';
import type { Definition, DefinitionRef } from './definition.js';
import { machineOf } from './machine.js';
import { readFile } from './read-file.js';
import { DURATION, type RawDefinition } from './shape.js';
import { INCIDENT_KINDS, type IncidentKind, type StateName, type StateWords } from './words.js';
import { WorkflowRefused } from './workflow-refused.js';

export interface Workflows {
  /** The definition new cases of this kind start with. */
  current(kind: IncidentKind): Definition;
  /** The very definition a running case was opened with; undefined when its file is gone. */
  exact(ref: DefinitionRef): Definition | undefined;
  readonly all: readonly Definition[];
}

/**
 * Reads every workflow once: `dir/*.yaml` are the current ones, one per kind, `dir/archive/*.yaml` the ones older cases
 * still run on. What is returned never changes.
 *
 * @throws WorkflowRefused naming file, YAML path and line: wrong shape, an unknown word, a state without texts, one that
 *         cannot be reached or left, two files of one id and version, a kind without a file
 * Source: docs/decisions/0003-workflow-versions.md
 */
export function loadWorkflows(dir: string): Workflows {
  const current = new Map<IncidentKind, Definition>();
  for (const definition of yamlFiles(dir).map(load)) {
    const other = current.get(definition.id);
    if (other) throw new WorkflowRefused(definition.file, 'id', 1, `is taken by ${other.file}`);
    current.set(definition.id, definition);
  }
  for (const kind of INCIDENT_KINDS)
    if (!current.has(kind)) throw new WorkflowRefused(dir, '', 0, `holds no workflow for ${kind}`);

  const all = [...current.values()];
  for (const definition of yamlFiles(join(dir, 'archive')).map(load)) {
    const twin = all.find(({ id, version }) => id === definition.id && version === definition.version);
    if (twin) throw new WorkflowRefused(definition.file, 'version', 1, `is the version of ${twin.file} too`);
    all.push(definition);
  }
  const byHash = new Map(all.map((definition) => [definition.sha256, definition]));

  return Object.freeze({
    all: Object.freeze(all),
    current: (kind: IncidentKind) => current.get(kind) as Definition,
    exact({ id, version, sha256 }: DefinitionRef) {
      const found = byHash.get(sha256);
      return found?.id === id && found.version === version ? found : undefined;
    },
  });
}

function yamlFiles(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => join(dir, name));
}

function load(file: string): Definition {
  const bytes = readFileSync(file);
  const read = readFile(file, bytes.toString('utf8'));
  checkGraph(read);
  const { raw } = read;
  return Object.freeze({
    ...deepFreeze({
      id: raw.id,
      version: raw.version,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      file,
      title: raw.meta.title,
      urgent: raw.meta.urgent,
      freeze: raw.meta.freeze,
      identity: raw.meta.identity,
      states: wordsOf(raw),
    }),
    machine: machineOf(raw),
  });
}

function wordsOf(raw: RawDefinition): Record<StateName, StateWords> {
  return Object.fromEntries(
    leavesOf(raw.states).map((name) => {
      const [step = '', key] = name.split('.');
      const outer = raw.states[step];
      const meta = (key === undefined ? outer : outer?.states?.[key])?.meta;
      if (!meta?.next) throw new Error(`state ${name} passed the shape check without its texts`);
      const words = { title: meta.title, next: meta.next };
      return [name, meta.within === undefined ? words : { ...words, withinMs: milliseconds(meta.within) }];
    }),
  );
}

function milliseconds(duration: string): number {
  const [, days = 0, hours = 0, minutes = 0] = DURATION.exec(duration) ?? [];
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}
