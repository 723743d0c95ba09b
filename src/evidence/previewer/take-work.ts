import { readSync, writeSync } from 'node:fs';
import { ANSWER_FD, type PreviewRequest, TAKEN } from './words.js';

const STANDARD_INPUT = 0;
const LENGTH_BYTES = 4;

/** Waits for the request and its file, and says that it has them. Undefined: whoever started this process has no work for it. */
export function takeWork(): { request: PreviewRequest; file: Buffer } | undefined {
  const length = read(LENGTH_BYTES);
  const header = length && read(length.readUInt32BE());
  if (header === undefined) return undefined;
  const request = JSON.parse(header.toString()) as PreviewRequest;
  const file = read(request.bytes);
  if (file === undefined) return undefined;
  writeSync(ANSWER_FD, TAKEN);
  return { request, file };
}

/** Exactly so many; undefined when standard input ends before. */
function read(size: number): Buffer | undefined {
  const bytes = Buffer.allocUnsafe(size);
  for (let at = 0; at < size; ) {
    const got = readSync(STANDARD_INPUT, bytes, at, size - at, null);
    if (got === 0) return undefined;
    at += got;
  }
  return bytes;
}
