import type { Sharp } from 'sharp';
import { sharp } from './sharp.js';
import { NotPreviewable, type Region } from './words.js';

/** Longest side of a preview, in pixels: a screenshot of a phone stays readable. */
const PREVIEW_SIDE = 1_600;

/**
 * Colours at full resolution: red letters of a screenshot would blur otherwise. Tables made for the one picture would spare a
 * tenth of the bytes, change no pixel, and take a fifth of the drawing.
 */
const PREVIEW_JPEG = { quality: 82, chromaSubsampling: '4:4:4', optimiseCoding: false } as const;
const REDACTED_JPEG = { quality: 92, chromaSubsampling: '4:4:4' } as const;

/** The picture as a preview: JPEG in sRGB, no metadata, what was transparent is white. */
export const shrunk = (picture: Sharp): Promise<Buffer> =>
  encoded(
    picture
      .resize(PREVIEW_SIDE, PREVIEW_SIDE, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#fff' }),
    PREVIEW_JPEG,
  );

/**
 * The picture in full size with the regions black. Their pixels are overwritten before anything is encoded, and every
 * pixel that a region touches is in it.
 */
export async function redacted(
  picture: Sharp,
  { width, height }: { width: number; height: number },
  regions: readonly Region[],
): Promise<Buffer> {
  const { data, info } = await picture
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw new NotPreviewable('damaged', cause);
    });
  if (info.width !== width || info.height !== height) throw new NotPreviewable('damaged');
  for (const region of regions) blacken(data, info, region);
  return encoded(sharp(data, { raw: { width, height, channels: info.channels as 1 | 2 | 3 | 4 } }), REDACTED_JPEG);
}

function blacken(
  data: Buffer,
  { width, height, channels }: { width: number; height: number; channels: number },
  { x, y, width: w, height: h }: Region,
): void {
  const left = within(Math.floor(x * width), width);
  const right = within(Math.ceil((x + w) * width), width);
  const top = within(Math.floor(y * height), height);
  const bottom = within(Math.ceil((y + h) * height), height);
  for (let row = top; row < bottom; row += 1)
    data.fill(0, (row * width + left) * channels, (row * width + right) * channels);
}

const within = (value: number, most: number): number => Math.min(Math.max(value, 0), most);

async function encoded(picture: Sharp, options: object): Promise<Buffer> {
  try {
    return await picture.toColourspace('srgb').jpeg(options).toBuffer();
  } catch (cause) {
    throw new NotPreviewable('damaged', cause);
  }
}
