import { GUARDS, isGuardName } from './guards.js';
import type { ReadDefinition, YamlPath } from './read-file.js';
import type { RawAction, RawState, RawTransition, RawTransitions } from './shape.js';
import { EFFECTS, EVENTS, type StateName } from './words.js';

interface Edge {
  readonly from: StateName;
  readonly to: StateName;
}

/**
 * Checks what shape alone cannot: that every event, guard, effect and target exists, that every state can be reached from
 * the start and that from every state the case can still end.
 */
export function checkGraph({ raw, refuse }: ReadDefinition): void {
  const leaves = leavesOf(raw.states);
  if (!leaves.includes('closed')) refuse(['states'], 'has no state "closed"');
  const start = enter(raw.states, raw.initial) ?? refuse(['initial'], 'names no state');
  for (const [step, state] of Object.entries(raw.states)) {
    if (!state.states && !state.meta.next) refuse(['states', step, 'meta', 'next'], 'is missing');
    if (state.states && !state.states[state.initial ?? '']) refuse(['states', step, 'initial'], 'names no state');
  }

  const edges: Edge[] = [];
  const collect = (on: RawState['on'], path: YamlPath, sources: readonly StateName[], step: string | null) => {
    for (const [event, transitions] of Object.entries(on ?? {})) {
      if (!Object.hasOwn(EVENTS, event)) refuse([...path, event], 'is an unknown event');
      for (const [transition, at] of each(transitions, [...path, event])) {
        checkGuard(transition, at);
        checkActions(transition, at);
        if (transition.target === undefined) continue;
        const to = resolve(transition.target, step);
        if (to === undefined)
          refuse(typeof at.at(-1) === 'string' && isShort(transitions) ? at : [...at, 'target'], 'names no state');
        for (const from of sources) edges.push({ from, to: to as StateName });
      }
    }
  };

  const checkGuard = ({ guard }: RawTransition, at: YamlPath) => {
    if (guard === undefined) return;
    const { type, params = {} } = typeof guard === 'string' ? { type: guard } : guard;
    const definition = isGuardName(type) ? GUARDS[type] : refuse([...at, 'guard'], 'is an unknown guard');
    sameNames(definition.params, params, [...at, 'guard']);
  };

  const checkActions = ({ actions = [] }: RawTransition, at: YamlPath) => {
    const list = Array.isArray(actions) ? (actions as readonly RawAction[]) : [actions as RawAction];
    for (const [index, action] of list.entries()) {
      const here = Array.isArray(actions) ? [...at, 'actions', index] : [...at, 'actions'];
      const { type, params = {} } = typeof action === 'string' ? { type: action } : action;
      if (!Object.hasOwn(EFFECTS, type)) refuse(here, 'is an unknown effect');
      sameNames(EFFECTS[type as keyof typeof EFFECTS], params, here);
    }
  };

  const sameNames = (wanted: readonly string[], given: object, at: YamlPath) => {
    if (wanted.toSorted().join() !== Object.keys(given).toSorted().join())
      refuse(at, `takes ${wanted.length === 0 ? 'no parameters' : `the parameters ${wanted.join(', ')}`}`);
  };

  /** `#id.step.state`, or the key of a sibling. */
  const resolve = (target: string, step: string | null): StateName | undefined => {
    const absolute = target.startsWith(`#${raw.id}.`) ? target.slice(raw.id.length + 2).split('.') : null;
    if (absolute) {
      const [first = '', second] = absolute;
      if (absolute.length > 2) return undefined;
      if (second === undefined) return enter(raw.states, first);
      return raw.states[first]?.states?.[second] ? `${first}.${second}` : undefined;
    }
    if (step === null) return enter(raw.states, target);
    return raw.states[step]?.states?.[target] ? `${step}.${target}` : undefined;
  };

  collect(raw.on, ['on'], leaves, null);
  for (const [step, state] of Object.entries(raw.states)) {
    const inner = Object.keys(state.states ?? {}).map((key) => `${step}.${key}`);
    collect(state.on, ['states', step, 'on'], inner.length > 0 ? inner : [step], null);
    for (const [key, leaf] of Object.entries(state.states ?? {}))
      collect(leaf.on, ['states', step, 'states', key, 'on'], [`${step}.${key}`], step);
  }

  const reached = walk(start, (state) => edges.filter(({ from }) => from === state).map(({ to }) => to));
  const ending = walk('closed', (state) => edges.filter(({ to }) => to === state).map(({ from }) => from));
  for (const leaf of leaves) {
    const [step = '', key] = leaf.split('.');
    const path = key === undefined ? ['states', step] : ['states', step, 'states', key];
    if (!reached.has(leaf)) refuse(path, 'can never be reached');
    if (!ending.has(leaf)) refuse(path, 'is a dead end: the case can never be closed from here');
  }
}

/** Names of all states a case can be in: `step.state`, or `step` where a step has no states inside it. */
export function leavesOf(states: Readonly<Record<string, RawState>>): StateName[] {
  return Object.entries(states).flatMap(([step, state]) =>
    state.states ? Object.keys(state.states).map((key) => `${step}.${key}`) : [step],
  );
}

function enter(states: Readonly<Record<string, RawState>>, step: string): StateName | undefined {
  const state = states[step];
  if (!state) return undefined;
  return state.states ? `${step}.${state.initial}` : step;
}

const isShort = (transitions: RawTransitions) => typeof transitions === 'string';

function* each(transitions: RawTransitions, path: YamlPath): Generator<[RawTransition, YamlPath]> {
  if (typeof transitions === 'string') yield [{ target: transitions }, path];
  else if (Array.isArray(transitions))
    for (const [index, one] of (transitions as readonly RawTransition[]).entries()) yield [one, [...path, index]];
  else yield [transitions as RawTransition, path];
}

function walk(start: StateName, next: (state: StateName) => readonly StateName[]): ReadonlySet<StateName> {
  const seen = new Set([start]);
  const waiting = [start];
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop())
    for (const other of next(state))
      if (!seen.has(other)) {
        seen.add(other);
        waiting.push(other);
      }
  return seen;
}
