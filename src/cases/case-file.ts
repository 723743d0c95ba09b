import { type FreezeDoc, freezesOfCase, type RemedyDoc, remediesOfCase } from '../accounts/index.js';
import type { Where } from '../kernel/mongo.js';
import { allowedEvents, type Definition, type EventName, type Facts } from '../workflow/index.js';
import type { CaseContext } from './context.js';
import { countedChecksOf, definitionOf, gatherFacts } from './facts.js';
import { keptUntil } from './retention.js';
import { approvalsOfCase, checksOfCase } from './store.js';
import type { ApprovalDoc, CaseDoc, IdentityCheckDoc } from './words.js';

/** A case with everything that belongs to it, as one look at the store shows it. */
export interface CaseFile {
  readonly doc: CaseDoc;
  readonly definition: Definition;
  readonly facts: Facts;
  readonly allowed: EventName[];
  readonly freezes: readonly FreezeDoc[];
  readonly remedies: readonly RemedyDoc[];
  readonly checks: readonly IdentityCheckDoc[];
  readonly counted: readonly IdentityCheckDoc[];
  readonly approvals: readonly ApprovalDoc[];
  /** Of a closed case: when its evidence goes, if nothing holds it. */
  readonly keptUntil: Date | null;
}

/** Reads one after the other: inside a transaction there is one session. */
export async function caseFile(where: Where, ctx: CaseContext, doc: CaseDoc): Promise<CaseFile> {
  const definition = definitionOf(ctx, doc);
  const facts = await gatherFacts(where, doc, definition, ctx.clock.now());
  return {
    doc,
    definition,
    facts,
    allowed: allowedEvents(definition, doc.state, facts),
    freezes: await freezesOfCase(where, doc._id),
    remedies: await remediesOfCase(where, doc._id),
    checks: await checksOfCase(where, doc._id),
    counted: await countedChecksOf(where, doc),
    approvals: await approvalsOfCase(where, doc._id),
    keptUntil: keptUntil(doc, ctx.config),
  };
}
