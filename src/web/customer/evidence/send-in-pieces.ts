import { Upload } from 'tus-js-client';
import { addressOf, hooks } from '../../ground/client.js';
import { ApiProblem } from '../../ground/problem.js';

/** A cut costs one piece; larger ones go faster where the network is good. */
const PIECE_BYTES = 2 * 1_048_576;

interface Sending {
  readonly caseId: string;
  readonly file: File;
  readonly signal: AbortSignal;
  readonly onProgress: (share: number) => void;
}

/**
 * Sends a large file by the tus protocol, going on where an earlier try, also one before a reload, ended.
 *
 * @throws ApiProblem · DOMException `AbortError`. Whoever calls it tries again: the library's own tries would hide why.
 */
export function sendInPieces({ caseId, file, signal, onProgress }: Sending): Promise<void> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, {
      endpoint: addressOf('startUpload', { params: { caseId } }),
      chunkSize: PIECE_BYTES,
      retryDelays: null,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name, filetype: file.type },
      onBeforeRequest: async (request) => {
        const token = await hooks.accessToken();
        if (token) request.setHeader('Authorization', `Bearer ${token}`);
      },
      onProgress: (sent, total) => onProgress(total > 0 ? sent / total : 0),
      onSuccess: () => end(resolve),
      onError: (error) => end(() => reject(problemOf(error))),
    });
    const stop = () => {
      void upload.abort();
      end(() => reject(new DOMException('stopped', 'AbortError')));
    };
    const end = (how: () => void) => {
      signal.removeEventListener('abort', stop);
      how();
    };
    signal.addEventListener('abort', stop);
    upload.findPreviousUploads().then(([earlier]) => {
      if (earlier) upload.resumeFromPreviousUpload(earlier);
      if (!signal.aborted) upload.start();
    }, reject);
  });
}

function problemOf(error: Error): ApiProblem {
  const response = 'originalResponse' in error ? (error.originalResponse as Answer | null) : null;
  if (!response || response.getStatus() === 0) return new ApiProblem(0, {});
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(response.getBody()) as Record<string, unknown>;
  } catch {
    // whatever stands between us and the server answered in its own words
  }
  const wait = Number(response.getHeader('Retry-After'));
  const problem = new ApiProblem(response.getStatus(), body, wait > 0 ? wait : undefined);
  if (problem.code === 'token_refused' || problem.code === 'not_signed_in') hooks.refused();
  return problem;
}

interface Answer {
  getStatus(): number;
  getBody(): string;
  getHeader(name: string): string | undefined;
}
