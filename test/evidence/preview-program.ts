// Makes a preview, says so, and has nothing left to do once its standard input ends.
import { Readable } from 'node:stream';
import { makePreviewer } from '../../src/evidence/previewer.js';
import { scratchFile } from '../../src/evidence/scratch-file.js';
import { photo } from '../support/samples.js';

const previewer = makePreviewer({ milliseconds: 60_000, megabytes: 1_024 });
const file = await scratchFile(Readable.from([await photo()]));
const answer = await previewer.preview(file, { type: 'image/jpeg' });
await file.close();
process.stdout.write(Object.keys(answer).join());
process.stdin.resume();
