import { readFileSync, writeSync } from 'node:fs';
import { answerWith } from './answer.js';
import { ANSWER_FD, INPUT_FD, NotPreviewable, type PreviewHeader, type PreviewRequest } from './words.js';

/**
 * The preview process: one file in on a descriptor, one answer out on another, then it ends.
 *
 * It knows no secret, no store and no network address, and whatever the file does to it costs this one preview.
 */
async function main(): Promise<void> {
  const request = JSON.parse(process.argv[2] ?? '') as PreviewRequest;
  // A decoder that gives up on a file may do so without a word, and nothing is left to wait for.
  process.once('beforeExit', () => write({ failed: 'damaged' }, Buffer.alloc(0)));
  try {
    const { form, facts, bytes } = await answerWith(request, () => readFileSync(INPUT_FD));
    write({ made: form, facts }, bytes);
  } catch (error) {
    write({ failed: error instanceof NotPreviewable ? error.because : 'damaged' }, Buffer.alloc(0));
  }
}

/** Length of the header in four bytes, the header as JSON, the bytes. */
function write(header: PreviewHeader, bytes: Uint8Array): void {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  const answer = Buffer.concat([length, json, bytes]);
  for (let at = 0; at < answer.length; ) at += writeSync(ANSWER_FD, answer, at);
  process.exit(0); // a library may keep a timer
}

main().catch(() => process.exit(1));
