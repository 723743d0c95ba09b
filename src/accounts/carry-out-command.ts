import type { Command, Exchange, Outcome } from './exchange.js';

/** The exchange's word for a generation lower than it has seen. */
export const STALE = 'stale_generation';

/** How often one run puts a decision under a new generation before it leaves the rest to the next try. */
export const MOST_RENEWALS = 3;

/**
 * Sends a command to the exchange, or finds out what became of it.
 *
 * @param sentBefore  it may have been sent already: it is read back, and sent only if the exchange never got it
 */
export async function carryOutCommand(exchange: Exchange, command: Command, sentBefore: boolean): Promise<Outcome> {
  const known = sentBefore ? await exchange.readOperation(command) : null;
  return known ?? send(exchange, command);
}

function send(exchange: Exchange, command: Command): Promise<Outcome> {
  switch (command.kind) {
    case 'freeze':
      return exchange.freeze(command);
    case 'release':
      return exchange.release(command);
    default:
      return exchange.remedy(command);
  }
}

export const isStale = (outcome: Outcome): boolean => outcome.state === 'refused' && outcome.code === STALE;

/** Decisions kept overtaking this one; nothing was done, and the next try begins with the newest generation. */
export const overtaken = (operationId: string): Outcome => ({ state: 'unconfirmed', operationId, reason: 'busy' });

/** There is nothing to carry out any more: another decision has taken its place. */
export const superseded = (operationId: string): Outcome => ({ state: 'refused', operationId, code: 'superseded' });

/** What a stored receipt says. */
export const settledOutcome = (
  operationId: string,
  receipt: NonNullable<Extract<Outcome, { receipt: unknown }>['receipt']>,
): Outcome =>
  receipt.missing.length === 0
    ? { state: 'confirmed', operationId, receipt }
    : { state: 'partial', operationId, receipt, applied: receipt.applied as never, missing: receipt.missing as never };
