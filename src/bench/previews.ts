import { Readable } from 'node:stream';
import sharp from 'sharp';
import { makePreviewer, scratchFile } from '../evidence/index.js';
import { percentile } from './measure.js';

const RUNS = 40;
const LIMITS = { milliseconds: 30_000, megabytes: 1_024 };

/**
 * A preview alone, without queue and store: a process for each, from the open file to the finished picture. A photo of 12
 * megapixels, and a screenshot of a phone.
 */
export async function benchPreviews() {
  const photo = await measure('image/jpeg', await grain(4_000, 3_000).jpeg({ quality: 88 }).toBuffer());
  const screenshot = await measure('image/png', await grain(1_179, 2_556).png({ palette: true }).toBuffer());
  return {
    photo12MegapixelsP50Ms: percentile(photo, 50),
    photo12MegapixelsP95Ms: percentile(photo, 95),
    photoP95AtMostMs: 500,
    screenshotP50Ms: percentile(screenshot, 50),
    screenshotP95Ms: percentile(screenshot, 95),
  };
}

/** With the grain of a camera, so that there is something to decode. */
const grain = (width: number, height: number) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#7a8a99',
      noise: { type: 'gaussian', mean: 128, sigma: 20 },
    },
  });

async function measure(type: 'image/jpeg' | 'image/png', bytes: Buffer): Promise<number[]> {
  const previewer = makePreviewer(LIMITS);
  const took: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const file = await scratchFile(Readable.from([bytes]));
    const began = performance.now();
    const preview = await previewer.preview(file, { type });
    took.push(Math.round(performance.now() - began));
    await file.close();
    if (!('made' in preview)) throw new Error(`no preview: ${preview.failed}`);
  }
  return took;
}
