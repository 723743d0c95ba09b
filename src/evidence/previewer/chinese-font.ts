import { readFileSync } from 'node:fs';
import type { WrappedPdfiumModule } from '@embedpdf/pdfium';

/** Where Debian and its kin put a font with Chinese, Japanese and Korean (package fonts-noto-cjk). */
const PLACES = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc',
];

/** Shift JIS, Hangul, GB 2312, Big5. Source: fpdf_sysfontinfo.h */
const CHARSETS = new Set([128, 129, 134, 136]);
const GB2312 = 134;
const WHOLE_FILE = 0;
const THE_FONT = 1;
const POINTER_BYTES = 4;

/** What Emscripten gives beside the functions; the package's types leave it out. */
interface Memory {
  readonly HEAPU8: Uint8Array;
  addFunction(work: (...values: number[]) => number | undefined, signature: string): number;
  setValue(at: number, value: number, type: 'i32'): void;
  readonly wasmExports: { malloc(bytes: number): number };
}

/**
 * Lends PDFium the machine's Chinese font, if there is one. Receipts of Chinese banks name a font that every Chinese computer
 * has, and do not bring it: without one their pages would be empty.
 */
export function lendChineseFont(pdfium: WrappedPdfiumModule): void {
  const memory = pdfium.pdfium as unknown as Memory;
  let font: Buffer | null | undefined;
  const file = () => {
    if (font === undefined) font = read();
    return font ?? undefined;
  };
  const info: [signature: string, work: (...values: number[]) => number | undefined][] = [
    ['vi', () => undefined], // Release
    ['vii', () => undefined], // EnumFonts
    ['iiiiiiii', (_this, _weight, _italic, charset = 0) => (CHARSETS.has(charset) && file() ? THE_FONT : 0)], // MapFont
    ['iii', () => 0], // GetFont
    ['iiiiii', (_this, _font, table, into = 0, size = 0) => give(memory, table, into, size, file())], // GetFontData
    ['iiiii', () => 0], // GetFaceName
    ['iii', () => GB2312], // GetFontCharset
    ['vii', () => undefined], // DeleteFont
  ];
  const at = memory.wasmExports.malloc(POINTER_BYTES * (info.length + 1));
  memory.setValue(at, 1, 'i32'); // the version of this structure
  for (const [n, [signature, work]] of info.entries())
    memory.setValue(at + POINTER_BYTES * (n + 1), memory.addFunction(work, signature), 'i32');
  pdfium.FPDF_SetSystemFontInfo(at);
}

/** The file as a whole or nothing: of a collection of fonts that is its first. @returns its length */
function give(memory: Memory, table: number | undefined, into: number, size: number, font: Buffer | undefined): number {
  if (table !== WHOLE_FILE || font === undefined) return 0;
  if (into !== 0 && size >= font.length) memory.HEAPU8.set(font, into);
  return font.length;
}

function read(): Buffer | null {
  for (const place of PLACES) {
    try {
      return readFileSync(place);
    } catch {}
  }
  return null;
}
