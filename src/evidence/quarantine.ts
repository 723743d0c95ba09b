import type { Actor } from '../kernel/actor.js';
import type { EvidenceContext } from './context.js';
import { quarantineRefused } from './derivative-events.js';
import { evidenceProblem } from './problems.js';
import type { EvidenceDoc } from './words.js';

/**
 * Nothing leaves the vault, as itself or as a preview, that a scanner has not called clean.
 *
 * Where no scanner is configured what was never scanned may leave, and says so. What waits for a scanner goes on waiting when
 * the scanner is taken away: silence must not open what a word would have shut.
 * Source: docs/decisions, "Nothing but clean leaves"
 */
export const mayLeave = ({ scan }: Pick<EvidenceDoc, 'scan'>, hasScanner: boolean): boolean =>
  scan === 'clean' || (scan === 'not-scanned' && !hasScanner);

/**
 * @throws Problem `evidence_quarantined` with `scan`
 * A refusal is audited as `evidence.view-refused`.
 */
export async function refuseQuarantined(ctx: EvidenceContext, actor: Actor, doc: EvidenceDoc): Promise<void> {
  if (mayLeave(doc, ctx.scanner !== undefined)) return;
  await ctx.transact(actor, async (tx) => tx.record(quarantineRefused(doc)));
  throw evidenceProblem('evidence_quarantined', { extra: { scan: doc.scan } });
}
