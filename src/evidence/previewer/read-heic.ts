import { createRequire } from 'node:module';
import { NotPreviewable } from './words.js';

interface HeifImage {
  get_width(): number;
  get_height(): number;
  is_primary(): boolean;
  display(
    into: { data: Uint8ClampedArray; width: number; height: number },
    done: (shown: { data: Uint8ClampedArray } | null) => void,
  ): void;
}

interface LibHeif {
  HeifDecoder: new () => { decode(file: Uint8Array): HeifImage[] };
}

/** The main picture of a HEIC file as RGBA, already upright: HEIF keeps its turning in the container, not in EXIF. */
export async function readHeic(
  file: Uint8Array,
  mayDecode: (width: number, height: number) => void,
): Promise<{ pixels: Uint8Array; width: number; height: number }> {
  const libheif = createRequire(import.meta.url)('libheif-js/wasm-bundle') as LibHeif;
  const images = new libheif.HeifDecoder().decode(file);
  const main = images.find((image) => image.is_primary()) ?? images[0];
  if (!main) throw new NotPreviewable('damaged');
  const [width, height] = [main.get_width(), main.get_height()];
  mayDecode(width, height);
  const data = new Uint8ClampedArray(width * height * 4);
  await new Promise<void>((resolve, reject) => {
    main.display({ data, width, height }, (shown) => (shown ? resolve() : reject(new NotPreviewable('damaged'))));
  });
  return { pixels: new Uint8Array(data.buffer), width, height };
}
