import { type AnyStateMachine, createMachine, type MachineConfig } from 'xstate';
import { GUARDS, type GuardParams } from './guards.js';
import type { RawDefinition } from './shape.js';
import type { WorkflowEvent } from './words.js';

type GuardArguments = { event: unknown };

/** XState's own machine for a checked configuration, with our guards and no action bodies: effects are only named. */
export function machineOf(raw: RawDefinition): AnyStateMachine {
  // The configuration was checked against a narrower shape than XState's type, which a value read from a file never has.
  const config = structuredClone(raw) as unknown as MachineConfig<Record<string, never>, WorkflowEvent>;
  const guards = Object.fromEntries(
    Object.entries(GUARDS).map(([name, guard]) => [
      name,
      ({ event }: GuardArguments, params: GuardParams | undefined) =>
        guard.refusal((event as WorkflowEvent).facts, params ?? {}) === null,
    ]),
  );
  return createMachine(config, { guards } as never) as unknown as AnyStateMachine;
}
