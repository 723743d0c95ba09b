import { writeSync } from 'node:fs';
import { answerWith, loadPictures } from './answer.js';
import { framed } from './frame.js';
import { takeWork } from './take-work.js';
import { AHEAD, ANSWER_FD, NotPreviewable, type PreviewHeader } from './words.js';

/**
 * The preview process: one file in, one answer out on a descriptor, then it ends.
 *
 * It knows no secret, no store and no network address, and whatever the file does to it costs this one preview.
 */
async function main(): Promise<void> {
  if (process.argv[2] === AHEAD) await loadPictures();
  const given = takeWork();
  if (given === undefined) process.exit(1);
  // A decoder that gives up on a file may do so without a word, and nothing is left to wait for.
  process.once('beforeExit', () => write({ failed: 'damaged' }));
  try {
    const { form, facts, bytes } = await answerWith(given.request, given.file);
    write({ made: form, facts }, bytes);
  } catch (error) {
    write({ failed: error instanceof NotPreviewable ? error.because : 'damaged' });
  }
}

function write(header: PreviewHeader, bytes?: Uint8Array): void {
  const answer = framed(header, bytes);
  for (let at = 0; at < answer.length; ) at += writeSync(ANSWER_FD, answer, at);
  process.exit(0); // a library may keep a timer
}

main().catch(() => process.exit(1));
