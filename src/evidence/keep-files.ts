import type { Request } from 'express';
import type { Logger } from '../kernel/logger.js';
import { intakeOf, type ReceivedFile } from './intake.js';
import type { Vault } from './vault.js';

export interface KeepOptions {
  readonly vault: Vault;
  readonly logger: Logger;
}

/**
 * Runs `work`, which commits the records of the request's files; then lets go of what is not needed any more.
 *
 * `work` gets the files in the order they came (none for a body that was not multipart). When it throws, the files are gone.
 */
export async function keepFiles<T>(
  { vault, logger }: KeepOptions,
  request: Request,
  work: (files: readonly ReceivedFile[]) => Promise<T>,
): Promise<T> {
  const files = intakeOf(request)?.take() ?? [];
  if (files.length === 0) return work(files);
  const letGo = async (how: (file: ReceivedFile) => Promise<void>) => {
    for (const { reason } of (await Promise.allSettled(files.map(how))).filter((each) => each.status === 'rejected'))
      logger.warn('an upload was left for the sweep', { error: String(reason) });
  };
  try {
    const result = await work(files);
    await letGo(({ held }) => vault.settle(held));
    return result;
  } catch (error) {
    await letGo(({ held }) => vault.discard(held, request.actor));
    throw error;
  }
}
