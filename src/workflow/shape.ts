import Joi from 'joi';
import { LOCALES, type Text } from '../kernel/locale.js';
import { CHECK_METHODS, INCIDENT_KINDS } from './words.js';

/** A duration as ISO 8601 writes it, days down to minutes: `PT15M`, `P1D`, `P1DT12H`. */
export const DURATION = /^P(?=\d|T\d)(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?)?$/;

export interface RawTransition {
  readonly target?: string;
  readonly guard?: string | { readonly type: string; readonly params?: Readonly<Record<string, number>> };
  readonly actions?: RawAction | readonly RawAction[];
  readonly description?: string;
}
export type RawAction = string | { readonly type: string; readonly params?: Readonly<Record<string, string>> };
export type RawTransitions = string | RawTransition | readonly RawTransition[];

export interface RawState {
  readonly meta: {
    readonly title: Text;
    readonly next?: Text;
    readonly within?: string;
  };
  readonly description?: string;
  readonly initial?: string;
  readonly on?: Readonly<Record<string, RawTransitions>>;
  readonly states?: Readonly<Record<string, RawState>>;
}

export interface RawDefinition {
  readonly id: (typeof INCIDENT_KINDS)[number];
  readonly version: string;
  readonly description?: string;
  readonly meta: {
    readonly title: Text;
    readonly urgent: boolean;
    readonly freeze: { readonly scopes: readonly string[]; readonly hours: number };
    readonly identity: { readonly accept: readonly (readonly (typeof CHECK_METHODS)[number][])[] };
  };
  readonly initial: string;
  readonly on?: Readonly<Record<string, RawTransitions>>;
  readonly states: Readonly<Record<string, RawState>>;
}

const text = Joi.object(Object.fromEntries(LOCALES.map((l) => [l, Joi.string().trim().min(1).max(300).required()])));
const name = Joi.string().pattern(/^[a-z][a-z0-9-]*$/);
const action = Joi.alternatives(
  Joi.string(),
  Joi.object({ type: Joi.string().required(), params: Joi.object().pattern(Joi.string(), Joi.string()) }),
);
const transition = Joi.object({
  target: Joi.string(),
  guard: Joi.alternatives(
    Joi.string(),
    Joi.object({ type: Joi.string().required(), params: Joi.object().pattern(Joi.string(), Joi.number().integer()) }),
  ),
  actions: Joi.alternatives(action, Joi.array().items(action).min(1)),
  description: Joi.string(),
}).or('target', 'actions');
const transitions = Joi.alternatives(Joi.string(), transition, Joi.array().items(transition).min(1));
const on = Joi.object().pattern(Joi.string(), transitions);

const leaf = Joi.object({
  meta: Joi.object({
    title: text.required(),
    next: text.required(),
    within: Joi.string().pattern(DURATION),
  }).required(),
  description: Joi.string(),
  on,
});
/** A step with states inside it, or a leaf such as `closed`; which of the two needs what is the graph check's to say. */
const outer = leaf
  .fork('meta', () =>
    Joi.object({ title: text.required(), next: text, within: Joi.string().pattern(DURATION) }).required(),
  )
  .keys({ initial: name, states: Joi.object().pattern(name, leaf).min(1) })
  .and('initial', 'states');

/** The part of XState's configuration that Firebreak uses. Nothing else is let through, delays and invokes least of all. */
export const definitionShape = Joi.object<RawDefinition>({
  id: Joi.string()
    .valid(...INCIDENT_KINDS)
    .required(),
  version: Joi.string()
    .pattern(/^\d+\.\d+\.\d+$/)
    .required(),
  description: Joi.string(),
  meta: Joi.object({
    title: text.required(),
    urgent: Joi.boolean().strict().required(),
    freeze: Joi.object({
      scopes: Joi.array()
        .items(Joi.string().pattern(/^[a-z][a-z_]*$/))
        .min(1)
        .unique()
        .required(),
      hours: Joi.number().integer().min(1).max(2160).required(),
    }).required(),
    identity: Joi.object({
      accept: Joi.array()
        .items(
          Joi.array()
            .items(Joi.string().valid(...CHECK_METHODS))
            .min(1)
            .unique(),
        )
        .min(1)
        .required(),
    }).required(),
  }).required(),
  initial: name.required(),
  on,
  states: Joi.object().pattern(name, outer).min(1).required(),
}).required();
