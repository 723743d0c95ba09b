import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../kernel/clock.js';
import type { Logger } from '../kernel/logger.js';
import { type Db, isAway } from '../kernel/mongo.js';
import type { SignReceipt } from '../kernel/transact.js';
import { receiptText } from '../proof/index.js';
import { type LogKeys, openLogKeys } from './log-keys.js';
import type { Outlet } from './outlets/outlet.js';
import { Publisher } from './publish-checkpoints.js';
import { Sequencer, type SequencerOptions, type Ticked } from './sequencer.js';
import { Streamer } from './stream/streamer.js';
import type { StreamTarget } from './stream/target.js';
import { vouchOf } from './vouch.js';

/** How long keys are used without looking for newer ones, in milliseconds of the process's own clock. */
const KEYS_FOR_MS = 30_000;

export interface AuditLogOptions extends Omit<SequencerOptions, 'keys' | 'vouch'> {
  /** 32 bytes; the private keys of the log are sealed under it. */
  readonly sealKey: Uint8Array;
  /** Name of the log, used when it is made; afterwards it has the name of its first key. */
  readonly origin: string;
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Who gets checkpoints outside; nobody by default. */
  readonly outlets?: readonly Outlet[];
  readonly publishEveryMs?: number;
  readonly onRefused?: (outlet: string, why: string) => Promise<void>;
  /** Who gets every event; nobody by default. */
  readonly stream?: { readonly target: StreamTarget; readonly from: 'beginning' | 'now' } | undefined;
}

/** Milliseconds that somebody outside has to answer once we stop; the next to hold the log asks again. */
const LAST_WORDS_MS = 2_000;

/** Least milliseconds between two checkpoints to one outlet. */
const PUBLISH_EVERY_MS = 60_000;

/** The log as one process holds it: its keys, the receipts they sign, and its sequencer. */
export class AuditLog {
  readonly #options: AuditLogOptions;
  readonly #sequencer: Sequencer;
  readonly #publisher: Publisher;
  readonly #streamer: Streamer | undefined;
  #keys: LogKeys;
  #read = performance.now();

  /** Makes the first key of a log that has none. */
  static async open(options: AuditLogOptions): Promise<AuditLog> {
    const { db, sealKey, origin, clock } = options;
    return new AuditLog(options, await openLogKeys(db, sealKey, origin, clock.now()));
  }

  constructor(options: AuditLogOptions, keys: LogKeys) {
    this.#options = options;
    if (!keys.canSign)
      options.logger.error(
        'the audit log takes in nothing that this process does: its keys are sealed under another ROOT_KEY',
        {
          origin: keys.origin,
        },
      );
    this.#keys = keys;
    this.#sequencer = new Sequencer({ ...options, keys: () => this.keys(), vouch: vouchOf(options.sealKey) });
    this.#publisher = new Publisher({
      ...options,
      keys: () => this.keys(),
      outlets: options.outlets ?? [],
      everyMs: options.publishEveryMs ?? PUBLISH_EVERY_MS,
    });
    const { db, logger, clock, stream } = options;
    this.#streamer = stream && new Streamer({ db, logger, clock, ...stream, origin: keys.origin });
  }

  get origin(): string {
    return this.#keys.origin;
  }

  /** The keys, not older than half a minute. */
  async keys(): Promise<LogKeys> {
    if (performance.now() - this.#read > KEYS_FOR_MS) await this.reloadKeys();
    return this.#keys;
  }

  async reloadKeys(): Promise<LogKeys> {
    const { db, sealKey, clock } = this.#options;
    this.#keys = await openLogKeys(db, sealKey, this.#keys.origin, clock.now());
    this.#read = performance.now();
    return this.#keys;
  }

  /** A signed note that names the events of an act; whoever holds it can show later that the log lost one. */
  readonly receipt: SignReceipt = (at, events) => {
    const { canSign, origin } = this.#keys;
    return canSign ? this.#keys.signReceipt(receiptText({ origin, at: at.toISOString(), events })) : undefined;
  };

  /** Gives what waits its place and signs it, and lets those outside have what is new. @throws the driver's error, but not for what the next time will mend */
  async tick(): Promise<Ticked> {
    try {
      const ticked = await this.#sequencer.tick();
      if (this.#sequencer.holds || this.#sequencer.idle) this.#publisher.offer();
      return ticked;
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#options.logger.warn('the audit log could not be lengthened just now', { error });
      return { sequenced: 0, signed: undefined };
    } finally {
      this.#streamer?.offer();
    }
  }

  /** Takes the newest checkpoint to everybody outside now, and waits until they have answered. */
  async publish(): Promise<void> {
    await this.#publisher.settled();
    this.#publisher.offer({ now: true });
    await this.#publisher.settled();
  }

  /** Resolves when everybody outside has answered. */
  async settled(): Promise<void> {
    await this.#publisher.settled();
  }

  async stop(): Promise<void> {
    await this.#streamer?.stop();
    await this.#sequencer.stop();
    await Promise.race([this.#publisher.settled(), delay(LAST_WORDS_MS, undefined, { ref: false })]);
  }
}

/** Two sequencers met, or the store is away. */
const isPassing = (error: unknown): boolean =>
  isAway(error) ||
  ['TransientTransactionError', 'UnknownTransactionCommitResult'].some((label) =>
    (error as { hasErrorLabel?: (label: string) => boolean }).hasErrorLabel?.(label),
  );
