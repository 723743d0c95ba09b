import type { ScanTrouble } from './words.js';

/** What a scanner said of a whole file. */
export type Verdict =
  | { readonly found: 'clean'; readonly engine: string }
  | { readonly found: 'infected'; readonly signature: string; readonly engine: string }
  /** It was asked and cannot tell: asking again changes nothing. */
  | { readonly found: 'failed'; readonly because: 'too-large' | 'scanner-error'; readonly engine: string };

/** Looks for malware. Only an answer to the whole file is a verdict; everything else throws. */
export interface Scanner {
  /**
   * @throws ScannerAway, to be asked again later; what `bytes` throws
   */
  scan(file: { readonly size: number; readonly bytes: AsyncIterable<Uint8Array> }): Promise<Verdict>;
}

/** Passes when the scanner is well again. */
export type ScannerTrouble = Extract<ScanTrouble, `scanner-${'away' | 'slow' | 'nonsense'}`>;

/** No verdict, and none to be had now. */
export class ScannerAway extends Error {
  override readonly name = 'ScannerAway';
  readonly trouble: ScannerTrouble;

  constructor(trouble: ScannerTrouble, cause?: unknown) {
    super(trouble, cause === undefined ? undefined : { cause });
    this.trouble = trouble;
  }
}
