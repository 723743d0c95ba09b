import type { StreamRecord } from './ocsf.js';

/** A record, and the place in the log that it has. */
export interface Outbound extends StreamRecord {
  readonly index: number;
}

/** Somebody outside who collects events: a SIEM. */
export interface StreamTarget {
  /** Names it in the store and in logs, and its position in the log; no secret. */
  readonly id: string;
  /** Resolves once they say that they have all of it. @throws anything: they may have some of it, or all */
  send(records: readonly Outbound[], signal: AbortSignal): Promise<void>;
}

/** Why something did not arrive, in words that may be shown: no address, no answer of others. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/** How they know us, and we them, over TLS. */
export interface TlsOptions {
  /** PEM; who may have signed their certificate, instead of the authorities that Node knows. */
  readonly ca?: string | undefined;
  /** PEM; our own certificate and its key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}
