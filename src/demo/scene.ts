import type { SimulatorAdmin } from '../simulator/index.js';
import type { Caller } from './caller.js';
import type { Cast } from './people.js';

/** One step of the story: does something through HTTP and holds it to what it should do. */
export interface Step {
  readonly name: string;
  /** @throws Error when it did not hold */
  play(scene: Scene): Promise<void>;
}

export interface FreezeAnswer {
  readonly freezeId?: string;
  readonly kind: string;
  readonly state: string;
  readonly scopes: string[];
  readonly applied: string[];
  readonly missing: string[];
  readonly confirmedAt?: string;
}

/** What the story reads of a case. */
export interface CaseAnswer {
  readonly number: string;
  readonly state: { readonly name: string };
  readonly outcome?: string;
  readonly freezes: FreezeAnswer[];
  readonly remedies: { readonly kind: string; readonly state: string }[];
  readonly identity: { readonly met: boolean };
}

export interface Me {
  readonly id: string;
  readonly accountId: string;
  readonly contactPoints: { readonly id: string; readonly kind: string }[];
}

export interface ReportAnswer {
  readonly caseNumber: string;
  readonly caseId: string;
  readonly joined: boolean;
  readonly trackingLink: string;
  readonly trackingToken: string;
}

export interface EvidenceList {
  readonly evidence: { readonly evidenceId: string; readonly name: string; readonly sha256: string }[];
}

/** What one step leaves for later ones. */
interface Known {
  me: Me;
  reportBody: object;
  /** The customer's re-verification for exactly this report. */
  reverification: string;
  sentAt: number;
  report: ReportAnswer;
  frozen: CaseAnswer;
  proposal: { readonly approvalId: string; readonly coolingOffUntil: string };
  closed: CaseAnswer;
  auditEvents: number;
}

/** Who plays, at which exchange, and what is known so far. */
export class Scene {
  readonly cast: Cast;
  readonly exchange: SimulatorAdmin;
  readonly #known: Partial<Known> = {};

  constructor(cast: Cast, exchange: SimulatorAdmin) {
    this.cast = cast;
    this.exchange = exchange;
  }

  learn(facts: Partial<Known>): void {
    Object.assign(this.#known, facts);
  }

  /** @throws Error when no step has left it yet */
  know<K extends keyof Known>(what: K): Known[K] {
    const known = this.#known[what];
    if (known === undefined) throw new Error(`nobody knows the ${what} yet`);
    return known as Known[K];
  }

  get caseId(): string {
    return this.know('report').caseId;
  }

  get accountId(): string {
    return this.know('me').accountId;
  }

  readCase(as: Caller): Promise<CaseAnswer> {
    return as.ask<CaseAnswer>('GET', `/api/cases/${this.caseId}`);
  }

  /** Waits until somebody sees the case as it should become. */
  caseUntil(as: Caller, what: string, reached: (seen: CaseAnswer) => boolean): Promise<CaseAnswer> {
    return until(what, () => this.readCase(as), reached);
  }
}

export const SCREENSHOTS = new URL('../../src/demo/screenshots/', import.meta.url);
export const FILES = ['order-history.png', 'new-sign-in.png', 'identity-document.png'];

/** Longer than a killed process keeps what it touched: MongoDB's `transactionLifetimeLimitSeconds`, 60, and another try. */
const SETTLED_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 15;

export async function until<T>(
  what: string,
  look: () => Promise<T>,
  reached: (seen: T) => boolean | Promise<boolean>,
): Promise<T> {
  const deadline = Date.now() + SETTLED_WITHIN_MS;
  for (;;) {
    const seen = await look();
    if (await reached(seen)) return seen;
    if (Date.now() > deadline) throw new Error(`not ${what} after ${SETTLED_WITHIN_MS} ms: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export function holds(held: boolean, otherwise: string): void {
  if (!held) throw new Error(otherwise);
}
