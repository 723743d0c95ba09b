import type { Request } from 'express';
import type { Logger } from '../kernel/logger.js';
import { intakeOf, type ReceivedFile } from './intake.js';
import type { IsReferenced, ObjectStore } from './object-store.js';

export interface KeepOptions {
  readonly objects: ObjectStore;
  readonly isReferenced: IsReferenced;
  readonly logger: Logger;
}

/**
 * Runs `work`, which commits the records of the request's files, with the objects in place; then settles them.
 *
 * `work` gets the files in the order they came (none for a body that was not multipart). When it throws, the files are gone.
 */
export async function keepFiles<T>(
  { objects, isReferenced, logger }: KeepOptions,
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
    for (const { held } of files) await objects.place(held);
    const result = await work(files);
    await letGo(({ held }) => objects.settle(held));
    return result;
  } catch (error) {
    await letGo(({ held }) => objects.discard(held, isReferenced));
    throw error;
  }
}
