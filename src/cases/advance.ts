import type { Tx } from '../kernel/transact.js';
import { type Definition, EventNotAllowed, type Facts, type StateName, transition } from '../workflow/index.js';
import type { CaseEvent } from './case-event.js';
import type { CaseContext } from './context.js';
import { carryOutEffects, changedByEffects } from './effects.js';
import { caseAdvanced, historyEntry } from './events.js';
import { definitionOf, gatherFacts } from './facts.js';
import { caseProblem } from './problems.js';
import { saveCase } from './store.js';
import type { CaseDoc } from './words.js';

/**
 * Takes a case through one event of its own workflow: state, history, deadline, and all effects, in this transaction.
 *
 * @param doc  as read in this transaction
 * @returns the case as it is now
 * @throws Problem `event_not_allowed` with `state`, `event`, `allowed` (what people may do now) and `because` (the guard's
 *         reason, or null) · `conflict` (somebody changed the case since it was read)
 * Audited as `case.advanced`, besides what the effects record.
 */
export async function advance(tx: Tx, ctx: CaseContext, doc: CaseDoc, event: CaseEvent): Promise<CaseDoc> {
  const definition = definitionOf(ctx, doc);
  const facts = await gatherFacts(tx, doc, definition, tx.now);
  const [state, effects] = judge(definition, doc.state, event, facts);
  const after = changedByEffects(inState(doc, definition, state, tx.now), event, effects, tx.now);
  const saved = await saveCase(tx, doc, after, historyEntry(tx.now, tx.actor, event.type, doc.state, state));
  tx.record(caseAdvanced(saved, event, doc.state));
  await carryOutEffects(tx, { ctx, doc: saved, definition, event }, effects);
  return saved;
}

/** The workflow's word on an event. @throws Problem `event_not_allowed` */
export function judge(definition: Definition, state: StateName, { type }: CaseEvent, facts: Facts) {
  try {
    return transition(definition, state, { type, facts });
  } catch (error) {
    if (!(error instanceof EventNotAllowed)) throw error;
    const { event, allowed, because } = error;
    throw caseProblem('event_not_allowed', { extra: { state, event, allowed, because } });
  }
}

/** The case in another state, with that state's deadline; a case that stays where it is keeps its own. */
export function inState(doc: CaseDoc, definition: Definition, state: StateName, now: Date): CaseDoc {
  if (state === doc.state) return doc;
  const { due: _, ...rest } = doc;
  const within = definition.states[state]?.withinMs;
  return {
    ...rest,
    state,
    stateSince: now,
    ...(within !== undefined && { due: new Date(now.getTime() + within) }),
  };
}
