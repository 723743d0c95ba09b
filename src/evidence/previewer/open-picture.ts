import type { Sharp } from 'sharp';
import { readHeic } from './read-heic.js';
import { sharp } from './sharp.js';
import { type FileFacts, NotPreviewable } from './words.js';

/** Decoded, one picture of a phone is about 12 million pixels; 40 million keep the process under its memory bound. */
export const MAX_PIXELS = 40e6;

/** Everything libvips could read but these three is out of reach, whatever the bytes look like. */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});
sharp.cache(false);
sharp.concurrency(1);

/** An upright picture without metadata, and what is known of it. */
export interface Opened extends FileFacts {
  readonly picture: Sharp;
  readonly width: number;
  readonly height: number;
}

/** JPEG, PNG, WebP; of an animation the first frame. */
export async function fromImage(file: Buffer): Promise<Opened> {
  const { autoOrient } = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new NotPreviewable('damaged', cause);
    });
  refuseTooLarge(autoOrient.width, autoOrient.height);
  // A screenshot that was cut off by a bad line still shows something: only what breaks the decoder is an error.
  const picture = sharp(file, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true }).autoOrient();
  return { picture, width: autoOrient.width, height: autoOrient.height };
}

export async function fromHeic(file: Buffer): Promise<Opened> {
  return fromPixels(await readHeic(file, refuseTooLarge));
}

/** The first page: as large as a preview, or with 200 pixels an inch to redact. */
export async function fromPdf(file: Buffer, work: 'preview' | 'redact'): Promise<Opened> {
  const { readPdf } = await import('./read-pdf.js');
  return fromPixels(await readPdf(file, work === 'redact' ? { dotsPerInch: 200, most: MAX_PIXELS } : { fit: 1_600 }));
}

function fromPixels({ pixels, ...facts }: FileFacts & { pixels: Uint8Array; width: number; height: number }): Opened {
  const { width, height } = facts;
  return { ...facts, picture: sharp(pixels, { raw: { width, height, channels: 4 } }) };
}

function refuseTooLarge(width: number, height: number): void {
  if (!(width > 0 && height > 0)) throw new NotPreviewable('damaged');
  if (width * height > MAX_PIXELS) throw new NotPreviewable('too-many-pixels');
}
