import { audit } from './audit-steps.js';
import { callBack, checkDocument, openEvidence } from './identity-steps.js';
import {
  approveRelease,
  confirmRelease,
  confirmRemedies,
  coolOff,
  handBack,
  orderRemedies,
  proposeRelease,
} from './release-steps.js';
import { confirmFreeze, lockOut, reverifyReport, sendReport, theft, track } from './report-steps.js';
import type { Scene, Step } from './scene.js';

/** The main job, from an unauthorized trade to a closed case. */
export const STORY: readonly Step[] = [
  theft,
  reverifyReport,
  sendReport,
  confirmFreeze,
  lockOut,
  track,
  openEvidence,
  checkDocument,
  callBack,
  orderRemedies,
  confirmRemedies,
  proposeRelease,
  coolOff,
  approveRelease,
  confirmRelease,
  handBack,
  audit,
];

export interface Played {
  readonly name: string;
  readonly ms: number;
}

export interface Told {
  /** The number of the case. */
  readonly case: string;
  readonly caseId: string;
  readonly trackingLink: string;
  /** From sending the report to the exchange's confirmation in our record, milliseconds. */
  readonly reportToFreezeMs: number;
  readonly steps: readonly Played[];
  readonly auditEvents: number;
}

/** What happens around the steps. */
export interface Staging {
  readonly before?: (step: Step) => Promise<void>;
  readonly after?: (step: Step, played: Played) => unknown;
}

/**
 * Plays the main job through HTTP, and holds every step to what it should do.
 *
 * @throws Error at the first step that did not hold
 */
export async function playStory(scene: Scene, { before, after }: Staging = {}): Promise<Told> {
  const steps: Played[] = [];
  for (const step of STORY) {
    await before?.(step);
    const began = performance.now();
    await step.play(scene);
    const played = { name: step.name, ms: Math.round(performance.now() - began) };
    steps.push(played);
    await after?.(step, played);
  }
  const { caseNumber, caseId, trackingLink } = scene.know('report');
  const confirmedAt = Date.parse(String(scene.know('frozen').freezes[0]?.confirmedAt));
  const reportToFreezeMs = Math.max(0, confirmedAt - scene.know('sentAt'));
  return { case: caseNumber, caseId, trackingLink, reportToFreezeMs, steps, auditEvents: scene.know('auditEvents') };
}

/** Plays the steps that come before one, for whoever plays that one otherwise. */
export async function playBefore(scene: Scene, one: Step): Promise<void> {
  for (const step of STORY.slice(0, STORY.indexOf(one))) await step.play(scene);
}

/** Plays the steps that come after one. */
export async function playAfter(scene: Scene, one: Step): Promise<void> {
  for (const step of STORY.slice(STORY.indexOf(one) + 1)) await step.play(scene);
}
