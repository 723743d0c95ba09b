import type { AnyStateMachine } from 'xstate';
import type { Text } from '../kernel/locale.js';
import type { CheckMethod, IncidentKind, StateName, StateWords } from './words.js';

/** Names one definition for ever: the hash is over the bytes of its file. */
export interface DefinitionRef {
  readonly id: IncidentKind;
  readonly version: string;
  readonly sha256: string;
}

/** One workflow, read and checked; deeply frozen except for XState's own machine. */
export interface Definition extends DefinitionRef {
  readonly file: string;
  readonly title: Text;
  /** Whether reports of this kind may freeze at once. */
  readonly urgent: boolean;
  readonly freeze: { readonly scopes: readonly string[]; readonly hours: number };
  /** Any one of these combinations of passed checks proves who the customer is. */
  readonly identity: { readonly accept: readonly (readonly CheckMethod[])[] };
  readonly states: Readonly<Record<StateName, StateWords>>;
  readonly machine: AnyStateMachine;
}
