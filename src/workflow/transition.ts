import { type AnyMachineSnapshot, getNextTransitions, initialTransition, transition as step } from 'xstate';
import type { Definition } from './definition.js';
import { EventNotAllowed } from './event-not-allowed.js';
import { GUARDS, type GuardName, type GuardParams, type Refusal } from './guards.js';
import { type Effect, EVENTS, type EventName, type Facts, type StateName, type WorkflowEvent } from './words.js';

/** The state a new case starts in, before its first event. */
export function initial(definition: Definition): StateName {
  const known = starts.get(definition) ?? nameOf(initialTransition(definition.machine)[0].value);
  starts.set(definition, known);
  return known;
}

/** A definition never changes, and every report asks. */
const starts = new WeakMap<Definition, StateName>();

/**
 * Where an event leads, and what must be done on the way; pure.
 * @throws EventNotAllowed when the state knows no such event, or every guard on it says no
 */
export function transition(
  definition: Definition,
  state: StateName,
  event: WorkflowEvent,
): readonly [StateName, readonly Effect[]] {
  const taken = stepsOf(definition);
  const asked = JSON.stringify([state, event.type, event.facts]);
  const known = taken.get(asked) ?? take(definition, state, event);
  if (taken.size >= STEPS_KEPT) taken.clear();
  taken.set(asked, known);
  return known;
}

type Step = readonly [StateName, readonly Effect[]];

/** Facts are a few truth values and small numbers, so that nearly every report, and most acts, ask what was asked before. */
const steps = new WeakMap<Definition, Map<string, Step>>();
const STEPS_KEPT = 1_000;

function stepsOf(definition: Definition): Map<string, Step> {
  const known = steps.get(definition) ?? new Map<string, Step>();
  steps.set(definition, known);
  return known;
}

function take(definition: Definition, state: StateName, event: WorkflowEvent): Step {
  const from = snapshotOf(definition, state);
  if (!from.can(event))
    throw new EventNotAllowed(state, event.type, allowedEvents(definition, state, event.facts), refusalOf(from, event));
  const [next, actions] = step(definition.machine, from, event);
  const effects = (actions as { type: string; params?: unknown }[]).map(({ type, params }) =>
    Object.freeze({ type, params: Object.freeze(params ?? {}) } as Effect),
  );
  return Object.freeze([nameOf(next.value), Object.freeze(effects)] as const);
}

/** What people may do to a case in this state, given the facts, in the order of the definition. */
export function allowedEvents(definition: Definition, state: StateName, facts: Facts): EventName[] {
  const snapshot = snapshotOf(definition, state);
  const known = new Set(getNextTransitions(snapshot).map(({ eventType }) => eventType as EventName));
  return [...known].filter((type) => EVENTS[type] === 'person' && snapshot.can({ type, facts }));
}

/** Why the last guard asked said no; null when the state does not know the event at all. */
function refusalOf(snapshot: AnyMachineSnapshot, { type, facts }: WorkflowEvent): Refusal | null {
  const refusals = getNextTransitions(snapshot)
    .filter(({ eventType, guard }) => eventType === type && guard !== undefined)
    .map(({ guard }) => {
      const named = (typeof guard === 'string' ? { type: guard } : guard) as { type: GuardName; params?: GuardParams };
      return GUARDS[named.type].refusal(facts, named.params ?? {});
    });
  return refusals.at(-1) ?? null;
}

function snapshotOf({ machine, states, id }: Definition, state: StateName): AnyMachineSnapshot {
  if (!Object.hasOwn(states, state)) throw new Error(`workflow ${id} has no state ${state}`);
  const [step = '', key] = state.split('.');
  return machine.resolveState({ value: key === undefined ? step : { [step]: key }, context: {} });
}

function nameOf(value: unknown): StateName {
  if (typeof value === 'string') return value;
  const [[step, key] = []] = Object.entries(value as Record<string, string>);
  return `${step}.${key}`;
}
