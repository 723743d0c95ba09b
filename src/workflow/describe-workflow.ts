import type { Text } from '../kernel/locale.js';
import type { Definition } from './definition.js';
import type { RawAction, RawDefinition, RawState, RawTransition, RawTransitions } from './shape.js';
import { EVENTS, type EventName, type IncidentKind, type StateName } from './words.js';

export interface TransitionView {
  event: EventName;
  /** Whether people send the event, or only the product itself. */
  by: (typeof EVENTS)[EventName];
  /** Name of the condition. */
  guard?: string;
  /** Names of what is done on the way. */
  effects: string[];
}

export interface WorkflowView {
  kind: IncidentKind;
  version: string;
  sha256: string;
  /** Whether new cases start with it. */
  current: boolean;
  title: Text;
  urgent: boolean;
  freeze: { scopes: readonly string[]; hours: number };
  accepted: readonly (readonly string[])[];
  initial: StateName;
  steps: { name: string; title: Text }[];
  states: { name: StateName; step: string; title: Text; next: Text; withinMinutes?: number }[];
  /** In the order of the definition; one that leads back to its own state is an act that leaves the case where it is. */
  transitions: (TransitionView & { from: StateName; to: StateName })[];
  /** What may come in any state and moves the case nowhere: late answers of the exchange. */
  anywhere: TransitionView[];
}

const MINUTE_MS = 60_000;

/** A definition as a diagram needs it: its states, and where each event leads. */
export function describeWorkflow(definition: Definition, current: boolean): WorkflowView {
  // The file's own configuration, which was checked when it was read.
  const raw = definition.machine.config as unknown as RawDefinition;
  const start = raw.states[raw.initial]?.initial;
  return {
    kind: definition.id,
    version: definition.version,
    sha256: definition.sha256,
    current,
    title: definition.title,
    urgent: definition.urgent,
    freeze: definition.freeze,
    accepted: definition.identity.accept,
    initial: start === undefined ? raw.initial : `${raw.initial}.${start}`,
    steps: Object.entries(raw.states).map(([name, { meta }]) => ({ name, title: meta.title })),
    states: Object.entries(definition.states).map(([name, { title, next, withinMs }]) => ({
      name,
      step: name.split('.')[0] as string,
      title,
      next,
      ...(withinMs !== undefined && { withinMinutes: withinMs / MINUTE_MS }),
    })),
    transitions: Object.keys(definition.states).flatMap((name) => transitionsFrom(raw, name)),
    anywhere: eventsOf(raw.on).map(([event, transition]) => transitionView(event, transition)),
  };
}

/** What is written at the state itself, then what its step says for all of its states where no condition of the state let it pass. */
function transitionsFrom(raw: RawDefinition, from: StateName): WorkflowView['transitions'] {
  const [step = '', key] = from.split('.');
  const outer = raw.states[step];
  const leaf = key === undefined ? undefined : outer?.states?.[key];
  const own = eventsOf(leaf?.on);
  const answered = new Set(own.filter(([, { guard }]) => guard === undefined).map(([event]) => event));
  return [...own, ...eventsOf(outer?.on).filter(([event]) => !answered.has(event))].map(([event, transition]) => ({
    from,
    to: transition.target === undefined ? from : targetOf(raw, step, transition.target),
    ...transitionView(event, transition),
  }));
}

/** `#id.step.state`, `#id.step`, or the key of a sibling; a step is entered by its first state. */
function targetOf(raw: RawDefinition, step: string, target: string): StateName {
  const [first = '', second] = target.startsWith('#')
    ? target.split('.').slice(1)
    : raw.states[step]?.states
      ? [step, target]
      : [target];
  const inner = second ?? raw.states[first]?.initial;
  return inner === undefined ? first : `${first}.${inner}`;
}

const eventsOf = (on: RawState['on']): [EventName, RawTransition][] =>
  Object.entries(on ?? {}).flatMap(([event, transitions]) =>
    listed(transitions).map((transition): [EventName, RawTransition] => [event as EventName, transition]),
  );

const listed = (transitions: RawTransitions): readonly RawTransition[] =>
  typeof transitions === 'string'
    ? [{ target: transitions }]
    : Array.isArray(transitions)
      ? (transitions as readonly RawTransition[])
      : [transitions as RawTransition];

function transitionView(event: EventName, { guard, actions = [] }: RawTransition): TransitionView {
  const all = (Array.isArray(actions) ? actions : [actions]) as readonly RawAction[];
  return {
    event,
    by: EVENTS[event],
    ...(guard !== undefined && { guard: nameOf(guard) }),
    effects: all.map(nameOf),
  };
}

const nameOf = (named: string | { readonly type: string }): string => (typeof named === 'string' ? named : named.type);
