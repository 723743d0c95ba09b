export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What an act leaves in the audit log; the log adds who, when, salts and hashes. */
export interface AuditDraft {
  /** `noun.past-participle`, e.g. `freeze.confirmed`. */
  readonly action: string;
  readonly caseId?: string;
  readonly accountId?: string;
  readonly target?: { readonly kind: string; readonly id: string };
  /** `refused` for an attempt that was turned down. Default `done`. */
  readonly result?: 'done' | 'refused';
  /** Readable by everybody who may read the log, for ever: no personal data. */
  readonly facts?: Readonly<Record<string, JsonValue>>;
  /** Enters the event as salted commitments; the openings are kept apart and can be erased. */
  readonly personal?: Readonly<Record<string, string>>;
}
