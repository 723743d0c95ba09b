/** What the server takes by default; it decides, and refuses in words what does not fit. */
const MEBIBYTE = 1_048_576;
export const MOST_FILES = 10;
/** One file that goes with a form. */
export const MOST_BYTES = 25 * MEBIBYTE;
/** One file that goes in pieces, which only signed-in people send. */
export const MOST_BYTES_IN_PIECES = 1_024 * MEBIBYTE;
/** From here on pieces are worth their round trips: a cut costs one of them, not the whole file. */
export const PIECES_FROM = 6 * MEBIBYTE;

export type Unfit = 'empty' | 'too-large' | 'too-large-stranger';

export function unfitness({ size }: File, signedIn: boolean): Unfit | undefined {
  if (size === 0) return 'empty';
  if (signedIn) return size > MOST_BYTES_IN_PIECES ? 'too-large' : undefined;
  return size > MOST_BYTES ? 'too-large-stranger' : undefined;
}

/** As limits are counted, in powers of two, so that what fits also reads as if it did. */
export function sizeText(bytes: number, language: string): string {
  const steps = [
    ['GB', 1_024 * MEBIBYTE],
    ['MB', MEBIBYTE],
    ['KB', 1_024],
  ] as const;
  const [unit, size] = steps.find(([, least]) => bytes >= least) ?? ['B', 1];
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: size >= MEBIBYTE ? 1 : 0 });
  return `${number.format(bytes / size)} ${unit}`;
}
