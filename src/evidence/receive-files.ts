import type { Request, RequestHandler } from 'express';
import multer from 'multer';
import { kernelProblem, Problem } from '../kernel/problem.js';
import { beginIntake, Intake, intakeOf } from './intake.js';
import { evidenceProblem } from './problems.js';
import { multerLimits, totalBytes, type UploadLimits } from './upload-limits.js';
import type { Vault } from './vault.js';

/** The form field that carries files, in every multipart body of ours. */
export const FILES_FIELD = 'evidence';

export interface ReceiveOptions extends UploadLimits {
  readonly vault: Vault;
  /** The text field that holds the route's JSON body; without it the upload has files only. */
  readonly jsonField?: string;
}

/**
 * Middleware that streams each file of a multipart body once, through hash and inspection, into a held copy.
 *
 * Leaves the parsed JSON field in `request.body` and the hashes in `request.received`; bodies of another type pass
 * untouched. Whatever ends the request without `keepFiles` having taken the files (a refusal, a cut connection, a handler
 * that threw) removes them.
 * @throws Problem any of UPLOAD_PROBLEMS · `malformed_json`
 */
export function receiveFiles(options: ReceiveOptions): RequestHandler {
  const settings = {
    storage: storage(),
    limits: multerLimits(options),
    preservePath: true, // a name that ends in a slash would be empty without its path, and its file dropped silently
    streamHandler: (request: Request, parser: NodeJS.WritableStream) => {
      parser.on('file', refuseUnnamed(parser));
      request.pipe(parser);
    },
  };
  const parse = multer(settings).array(FILES_FIELD, options.maxFiles);
  const most = totalBytes(options);
  return (request, response, next) => {
    if (!request.is('multipart/form-data')) return next();
    if (Number(request.headers['content-length'] ?? 0) > most) return next(evidenceProblem('upload_too_large'));
    const intake = new Intake(options.vault, () => request.actor);
    beginIntake(request, intake);
    response.once('close', () => void intake.abandon().catch(() => undefined)); // the sweep ends what this could not
    endOverlong(request, most);
    parse(request, response, (error: unknown) => {
      if (error === undefined) return next(handOver(request, intake, options.jsonField));
      intake.abandon().then(
        () => next(uploadProblem(error)),
        () => next(uploadProblem(error)),
      );
    });
  };
}

/** Gives the request what the kernel's routes read. Returns what is wrong with it, if anything. */
function handOver(request: Request, intake: Intake, jsonField: string | undefined): Problem | undefined {
  const fields = request.body as Record<string, string>;
  if (Object.keys(fields).some((name) => name !== jsonField)) return evidenceProblem('unexpected_field');
  request.received = intake.received();
  try {
    request.body = jsonField === undefined ? {} : JSON.parse(fields[jsonField] ?? '{}');
    return undefined;
  } catch (cause) {
    return kernelProblem('malformed_json', { cause });
  }
}

function storage(): multer.StorageEngine {
  return {
    _handleFile: (request, file, done) => {
      const intake = intakeOf(request) as Intake;
      intake.receive(file).then(
        () => done(undefined, {}),
        (error: unknown) => done(error),
      );
    },
    _removeFile: (request, _file, done) => {
      (intakeOf(request) as Intake).abandon().then(
        () => done(null),
        (error: Error) => done(error),
      );
    },
  };
}

/** multer skips a file without a name in silence; evidence is taken or refused, never dropped. An empty one is a form's
 *  empty input. */
const refuseUnnamed =
  (parser: NodeJS.WritableStream) =>
  (_field: string, stream: NodeJS.ReadableStream, { filename }: { filename?: string }): void => {
    if (filename) return;
    stream.once('data', () => parser.emit('error', evidenceProblem('file_unnamed')));
  };

/** A body of unstated length that passes every bound is cut, also while it is only read to be thrown away. */
function endOverlong(request: Request, most: number): void {
  let received = 0;
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > most) request.destroy();
  });
}

const BY_CODE: Readonly<Record<string, Parameters<typeof evidenceProblem>[0]>> = {
  LIMIT_FILE_SIZE: 'file_too_large',
  LIMIT_FILE_COUNT: 'too_many_files',
  LIMIT_PART_COUNT: 'too_many_files',
  LIMIT_FIELD_VALUE: 'upload_too_large',
  LIMIT_UNEXPECTED_FILE: 'unexpected_field',
  LIMIT_FIELD_COUNT: 'unexpected_field',
  LIMIT_FIELD_KEY: 'unexpected_field',
  LIMIT_FIELD_NESTING: 'unexpected_field',
  LIMIT_FIELD_ARRAY_INDEX: 'unexpected_field',
  INVALID_FIELD_NAME: 'unexpected_field',
};

/** How the parser words what is wrong with the sender's bytes; it has no codes. */
const CUT_OFF = /^(?:Request (?:aborted|closed|error)|Unexpected end of|aborted)/;
const MALFORMED = /^(?:Malformed|Multipart: |Unsupported content type|Missing Content-Type|Field name missing)/;

function uploadProblem(error: unknown): unknown {
  if (error instanceof Problem || !(error instanceof Error)) return error;
  if (error instanceof multer.MulterError)
    return evidenceProblem(BY_CODE[error.code] ?? 'malformed_upload', { cause: error });
  if ((error as NodeJS.ErrnoException).syscall !== undefined) return error; // the disk's failure, not the sender's
  if (CUT_OFF.test(error.message)) return evidenceProblem('upload_cut_off', { cause: error });
  return MALFORMED.test(error.message) ? evidenceProblem('malformed_upload', { cause: error }) : error;
}
