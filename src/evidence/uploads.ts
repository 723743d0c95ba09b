import type { Request, RequestHandler } from 'express';
import type { EvidenceContext } from './context.js';
import type { ReceivedFile } from './intake.js';
import { keepFiles } from './keep-files.js';
import { receiveFiles } from './receive-files.js';

/** Bytes of the JSON field of a multipart body: the largest report, every character escaped. */
const MAX_JSON_FIELD_BYTES = 256 * 1024;

type Holding = Pick<EvidenceContext, 'config' | 'vault' | 'logger'>;

/** `receiveFiles` within the configured limits, for a route's `before`. */
export const receiveUpload =
  (jsonField?: string) =>
  ({ config, vault }: Holding): RequestHandler =>
    receiveFiles({
      vault,
      maxFiles: config.uploads.maxFiles,
      maxFileBytes: config.uploads.maxFileBytes,
      fields: jsonField === undefined ? 0 : 1,
      maxFieldBytes: MAX_JSON_FIELD_BYTES,
      ...(jsonField === undefined ? {} : { jsonField }),
    });

/** `keepFiles` for the request's files: `work` is the route's one `act`. */
export const keepUpload = <T>(
  { vault, logger }: Holding,
  request: Request,
  work: (files: readonly ReceivedFile[]) => Promise<T>,
): Promise<T> => keepFiles({ vault, logger }, request, work);
