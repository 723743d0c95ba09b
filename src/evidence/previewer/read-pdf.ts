import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';
import { lendChineseFont } from './chinese-font.js';
import { type FileFacts, NotPreviewable } from './words.js';

/** How large the page is drawn: its longest side in pixels, or so fine, but no more pixels than that. */
export type PageScale = { readonly fit: number } | { readonly dotsPerInch: number; readonly most: number };

const POINTS_PER_INCH = 72;
const ERROR_PASSWORD = 4; // FPDF_ERR_PASSWORD
const ANNOTATIONS = 0x01; // FPDF_ANNOT
const REVERSE_BYTES = 0x10; // FPDF_REVERSE_BYTE_ORDER: RGBA, not BGRA
const WHITE = 0xffffffff;

/** What Emscripten gives beside the functions; the package's types leave it out. */
const memoryOf = ({ pdfium }: WrappedPdfiumModule): Uint8Array => (pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8;

/**
 * The first page as RGBA on white. PDFium is WebAssembly here, built without a JavaScript engine: nothing that a PDF brings
 * can run.
 */
export async function readPdf(
  file: Uint8Array,
  scale: PageScale,
): Promise<FileFacts & { pixels: Uint8Array; width: number; height: number }> {
  const wasmBinary = await readFile(fileURLToPath(import.meta.resolve('@embedpdf/pdfium/pdfium.wasm')));
  const pdfium = await init({ wasmBinary: new Uint8Array(wasmBinary).buffer });
  pdfium.PDFiumExt_Init();
  lendChineseFont(pdfium);
  const document = open(pdfium, file);
  const pages = pdfium.FPDF_GetPageCount(document);
  const page = pages > 0 ? pdfium.FPDF_LoadPage(document, 0) : 0;
  if (!page) throw new NotPreviewable('damaged');
  const { width, height } = sizeOf(pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page), scale);
  const bitmap = pdfium.FPDFBitmap_Create(width, height, 0);
  if (!bitmap) throw new NotPreviewable('too-many-pixels');
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
  const flags = ANNOTATIONS | REVERSE_BYTES;
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags);
  // What somebody filled into a form is drawn by the form, not by the page.
  const form = pdfium.PDFiumExt_InitFormFillEnvironment(document, pdfium.PDFiumExt_OpenFormFillInfo());
  if (form) pdfium.FPDF_FFLDraw(form, bitmap, page, 0, 0, width, height, 0, flags);
  const start = pdfium.FPDFBitmap_GetBuffer(bitmap);
  const pixels = memoryOf(pdfium).slice(start, start + width * height * 4);
  return { pixels, width, height, pages };
}

function open(pdfium: WrappedPdfiumModule, file: Uint8Array): number {
  const at = (pdfium.pdfium.wasmExports as { malloc(bytes: number): number }).malloc(file.length);
  if (!at) throw new NotPreviewable('too-large');
  memoryOf(pdfium).set(file, at);
  const document = pdfium.FPDF_LoadMemDocument(at, file.length, '');
  if (!document) throw new NotPreviewable(pdfium.FPDF_GetLastError() === ERROR_PASSWORD ? 'locked' : 'damaged');
  return document;
}

/** A page can be an inch or a mile long by its own word. */
function sizeOf(pointsWide: number, pointsHigh: number, scale: PageScale): { width: number; height: number } {
  if (!(pointsWide > 0 && pointsHigh > 0) || !Number.isFinite(pointsWide * pointsHigh))
    throw new NotPreviewable('damaged');
  const factor =
    'fit' in scale
      ? scale.fit / Math.max(pointsWide, pointsHigh)
      : Math.min(scale.dotsPerInch / POINTS_PER_INCH, Math.sqrt(scale.most / (pointsWide * pointsHigh)));
  const side = (points: number) => Math.max(1, Math.floor(points * factor));
  return { width: side(pointsWide), height: side(pointsHigh) };
}
