import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import sharp from 'sharp';
import { answers, installDebian } from './debian.js';

/** What a phone says in EXIF of where and when it took a picture. */
const EXIF = {
  IFD0: { Make: 'Maker', Model: 'Phone 1', Software: 'Camera 7' },
  IFD2: { DateTimeOriginal: '2026:11:20 08:30:00', OffsetTimeOriginal: '+08:00' },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '31/1 13/1 0/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '121/1 28/1 0/1',
  },
};

/** Red, with a blue square in the upper left quarter. */
export const picture = (width = 400, height = 300) =>
  sharp({ create: { width, height, channels: 3, background: '#c03030' } }).composite([
    {
      input: {
        create: { width: Math.floor(width / 4), height: Math.floor(height / 4), channels: 3, background: '#3030c0' },
      },
      left: 0,
      top: 0,
    },
  ]);

/** A photograph with time, place and device, turned as phones turn them: upright it is 300 wide and 400 high. */
export const photo = (): Promise<Buffer> => picture().withExif(EXIF).withMetadata({ orientation: 6 }).jpeg().toBuffer();

/** 16,000 pixels square in 770 KB. */
export const hugePng = (): Promise<Buffer> =>
  sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: 'red' } })
    .png({ compressionLevel: 9 })
    .toBuffer();

/** The same picture and facts as HEIC, 320 by 240; made with heif-enc from a picture of ours. */
export const HEIC = Buffer.from(
  [
    'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAYBtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRt',
    'AAAAAAABAAAANGlsb2MAAAAAREAAAgABAAAAAAGkAAEAAAAAAAABPAACAAAAAALgAAEAAAAAAAABhAAAADhpaW5mAAAAAAACAAAAFWluZmUC',
    'AAAAAAEAAGh2YzEAAAAAFWluZmUCAAABAAIAAEV4aWYAAAAAv2lwcnAAAAChaXBjbwAAAHVodmNDAQNwAAAAAAAAAAAAPPAA/P34+AAADwMg',
    'AAEAGEABDAH//wNwAAADAJAAAAMAAAMAPLoCQCEAAQAoQgEBA3AAAAMAkAAAAwAAAwA8oAoIDxZbqSSmubAgAAADACAAAAMAISIAAQAHRAHB',
    'crBiQAAAABRpc3BlAAAAAAAAAUAAAADwAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAoMAAAAaaXJlZgAAAAAAAAAOY2Rz',
    'YwACAAEAAQAAAshtZGF0AAABOCgBr1IIr2sIgM1sNaW5/9jL/6JchyQ7P5Em5SXnc84RPnBjwZB137//o0oKoSojuAJkePGyY8iQzE7LoHbo',
    'cRgwPO1u+gYCY4O5eyzo2DY92ioHSmj4LNsxmnVO4EJ/sA2ocZX3eSoQJ+RnAgISThhM1HCxPtA0k1p/3nGk6AI5iTZEWAQ9w6vIBF5S9qat',
    'Ed09AMyZqgm44HOE0QbkbSkIKK07I/5IobTL9DdNavOZAK1ZgqbwEQFzmfw9Pu75Aq78a17A/I5TSpkD8eQ1PHMf39ZbBMTRq71zNtMy30o6',
    'veGcIH3l4f5i7uUH/0UroWA5kD5RcNJvLX+JVM4l26W0aAnCB/dZQX9tMWIhrX+3N2nfYYBh7CjE81KZSK7sHO8BWjUgt3ogXl6IAALKjYDE',
    'AAADAABlQAAAAABJSSoACAAAAAkADwECAAYAAACSAAAAEAECAAgAAACKAAAAEgEDAAEAAAABAAAAGgEFAAEAAAB6AAAAGwEFAAEAAACCAAAA',
    'KAEDAAEAAAACAAAAEwIDAAEAAAABAAAAaYcEAAEAAACYAAAAJYgEAAEAAAAaAQAAAAAAADhjAADoAwAAOGMAAOgDAABQaG9uZSAxAE1ha2Vy',
    'AAgAAJAHAAQAAAAwMjEwA5ACABQAAAAGAQAAEZACAAcAAAD+AAAAAZEHAAQAAAABAgMAAKAHAAQAAAAwMTAwAaADAAEAAAD//wAAAqAEAAEA',
    'AABAAQAAA6AEAAEAAADwAAAAAAAAACswODowMAAAMjAyNjoxMToyMCAwODozMDowMAAEAAEAAgACAAAATgAAAAIABQADAAAAaAEAAAMAAgAC',
    'AAAARQAAAAQABQADAAAAUAEAAAAAAAB5AAAAAQAAABwAAAABAAAAAAAAAAEAAAAfAAAAAQAAAA0AAAABAAAAAAAAAAEAAAA=',
  ].join(''),
  'base64',
);

/** A PDF that asks for a password. */
export const LOCKED_PDF = Buffer.from(
  [
    'JVBERi0xLjcKJb/3ov4KMSAwIG9iago8PCAvRXh0ZW5zaW9ucyA8PCAvQURCRSA8PCAvQmFzZVZlcnNpb24gLzEuNyAvRXh0ZW5zaW9uTGV2',
    'ZWwgOCA+PiA+PiAvT3BlbkFjdGlvbiA8PCAvSlMgPDkxMDYwOWFiYjcwNGRlNDM0MDNiNjUzODQ4OGY1YjkxZDhmMDRjYzRhNmQ1NjVmZTIw',
    'YTFkYzE1NzlmYzE1NDk+IC9TIC9KYXZhU2NyaXB0ID4+IC9QYWdlcyAyIDAgUiAvVHlwZSAvQ2F0YWxvZyA+PgplbmRvYmoKMiAwIG9iago8',
    'PCAvQ291bnQgMSAvS2lkcyBbIDMgMCBSIF0gL1R5cGUgL1BhZ2VzID4+CmVuZG9iagozIDAgb2JqCjw8IC9Db250ZW50cyA0IDAgUiAvTWVk',
    'aWFCb3ggWyAwIDAgNTk1IDg0MiBdIC9QYXJlbnQgMiAwIFIgL1Jlc291cmNlcyA8PCAvRm9udCA8PCAvRjEgNSAwIFIgL0YyIDYgMCBSID4+',
    'ID4+IC9UeXBlIC9QYWdlID4+CmVuZG9iago0IDAgb2JqCjw8IC9MZW5ndGggMTQ0IC9GaWx0ZXIgL0ZsYXRlRGVjb2RlID4+CnN0cmVhbQq/',
    'lqvV0rcPGxDfxjZLFuAfXxp0yeLe8S6Njd4CWrsyWuyjxjrMch3s0AF0QUymMS19G3H9oAb/Ee15qRtrYDR6jUaizUm+J+VVAU8RISnu9p8q',
    'QuCE0sgsR5cbp/DWm2qb7onghsR1KxP9vnMDkUuRFJhMDkf8KxeAUy417B2HW1i/pc/rlXFUmihTQMVTSRBlbmRzdHJlYW0KZW5kb2JqCjUg',
    'MCBvYmoKPDwgL0Jhc2VGb250IC9TVFNvbmctTGlnaHQgL0Rlc2NlbmRhbnRGb250cyBbIDcgMCBSIF0gL0VuY29kaW5nIC9VbmlHQi1VQ1My',
    'LUggL1N1YnR5cGUgL1R5cGUwIC9UeXBlIC9Gb250ID4+CmVuZG9iago2IDAgb2JqCjw8IC9CYXNlRm9udCAvSGVsdmV0aWNhIC9TdWJ0eXBl',
    'IC9UeXBlMSAvVHlwZSAvRm9udCA+PgplbmRvYmoKNyAwIG9iago8PCAvQmFzZUZvbnQgL1NUU29uZy1MaWdodCAvQ0lEU3lzdGVtSW5mbyA8',
    'PCAvT3JkZXJpbmcgPDJmOWUwMDZhZDA1YTYwMDVjMDY5YWZkMzNmMjRkMzliOGQ1ZDk5NWEzNGIwZmUyN2JiMDIzZGVjNWFhNDExYjg+IC9S',
    'ZWdpc3RyeSA8NmU0YWJjYjQxNjAxNGNiY2RiNTA1YTllMzI5NjA2NDI0YTY4NzM5ZjY3ODhiMjExMTQzMjkxZDExM2JhOGEyYj4gL1N1cHBs',
    'ZW1lbnQgNCA+PiAvRm9udERlc2NyaXB0b3IgOCAwIFIgL1N1YnR5cGUgL0NJREZvbnRUeXBlMCAvVHlwZSAvRm9udCA+PgplbmRvYmoKOCAw',
    'IG9iago8PCAvQXNjZW50IDg4MCAvQ2FwSGVpZ2h0IDg4MCAvRGVzY2VudCAtMTIwIC9GbGFncyA2IC9Gb250QkJveCBbIC0yNSAtMjU0IDEw',
    'MDAgODgwIF0gL0ZvbnROYW1lIC9TVFNvbmctTGlnaHQgL0l0YWxpY0FuZ2xlIDAgL1N0ZW1WIDkzIC9UeXBlIC9Gb250RGVzY3JpcHRvciA+',
    'PgplbmRvYmoKOSAwIG9iago8PCAvQ0YgPDwgL1N0ZENGIDw8IC9BdXRoRXZlbnQgL0RvY09wZW4gL0NGTSAvQUVTVjMgL0xlbmd0aCAzMiA+',
    'PiA+PiAvRmlsdGVyIC9TdGFuZGFyZCAvTGVuZ3RoIDI1NiAvTyA8OTRkYTI5MjRlNWIzNzE1Y2MxMWRjMDIyM2UxZmI2ODFhMDkxMWQxYjRi',
    'YTMwNjAzOWI4MGE3NGMxY2NmM2EwODE2MjE4MDczY2MxNjY1ODYxZmJjZGE2OWE3YjUyMTIwPiAvT0UgPGVlYWZlZmI5YTExNTY4YWNmMGY4',
    'NDgyNTBjMzQxZDFiNDg2MTRlZTE1ZjUxODEwZDk5MzU1ODE0ZDdjYWRkZWE+IC9QIC00IC9QZXJtcyA8M2I4NzMzZTQxZjBmZmY5N2FiOWJj',
    'NjdmNGVhOTE0ZDg+IC9SIDYgL1N0bUYgL1N0ZENGIC9TdHJGIC9TdGRDRiAvVSA8ZjlhYWEyNGJiMGI0NjBmYWUxOGI4NTc4Mzg2OTk5YzIz',
    'OGYzMjM0OTA3NjRhMWM4YjE4MjFjMWRlZmU1MDE2NzQ2OTM0NzEzYTEzMTE2NDg4MjVlMzljYjJiNzkyOTEzPiAvVUUgPDk0MmE4ZWQ0OGRm',
    'MGU3M2M1MWNjMjA5YmJhZWViOGMyZjFhMTY1ZWFmNmI3ODY3YzIzNGIyYjJlMGNjMmM2OGE+IC9WIDUgPj4KZW5kb2JqCnhyZWYKMCAxMAow',
    'MDAwMDAwMDAwIDY1NTM1IGYgCjAwMDAwMDAwMTUgMDAwMDAgbiAKMDAwMDAwMDIzNCAwMDAwMCBuIAowMDAwMDAwMjkzIDAwMDAwIG4gCjAw',
    'MDAwMDA0MzEgMDAwMDAgbiAKMDAwMDAwMDY0NiAwMDAwMCBuIAowMDAwMDAwNzcwIDAwMDAwIG4gCjAwMDAwMDA4NDAgMDAwMDAgbiAKMDAw',
    'MDAwMTEzMSAwMDAwMCBuIAowMDAwMDAxMzA1IDAwMDAwIG4gCnRyYWlsZXIgPDwgL1Jvb3QgMSAwIFIgL1NpemUgMTAgL0lEIFs8NGFiNzc0',
    'MDNiYzU4MTk2NTVkZWE3OGE1ZDg5OGMwNGU+PDRhYjc3NDAzYmM1ODE5NjU1ZGVhNzhhNWQ4OThjMDRlPl0gL0VuY3J5cHQgOSAwIFIgPj4K',
    'c3RhcnR4cmVmCjE4NTIKJSVFT0YK',
  ].join(''),
  'base64',
);

/** One page in a Chinese font that it names and does not bring, as receipts of banks are. */
export function chinesePdf(): Buffer {
  const font = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc';
  installDebian(['fonts-noto-cjk'], () => existsSync(font));
  const text = [...'转账凭证'].map((c) => c.charCodeAt(0).toString(16).padStart(4, '0')).join('');
  return pdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    stream(`BT /F1 96 Tf 50 80 Td <${text}> Tj ET`),
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>',
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 7 0 R /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>',
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
  ]);
}

const stream = (text: string): string => `<< /Length ${text.length} >>\nstream\n${text}\nendstream`;

/** One page that says Hello and, when it is opened, would run a script. */
export function pdfOf({ width = 595, height = 842, script = 'app.alert(1)' } = {}): Buffer {
  const text = 'BT /F1 48 Tf 50 700 Td (Hello) Tj ET';
  return pdf([
    `<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (${script.replaceAll(/[()]/g, '\\$&')}) >> >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>`,
    stream(text),
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]);
}

function pdf(objects: readonly string[]): Buffer {
  let file = '%PDF-1.7\n';
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const end = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  const trailer = `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF`;
  return Buffer.from(file + end + trailer);
}

/** A second of moving picture, 320 by 180, with a place in its metadata where the format has room for one. */
export function video(format: 'mp4' | 'webm' | 'gif'): Buffer {
  installDebian(['ffmpeg'], () => answers('ffmpeg', '-version'));
  const source = ['-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=5:duration=1', '-pix_fmt', 'yuv420p'];
  const target = ['-metadata', 'location=+31.2167+121.4667/', '-movflags', 'frag_keyframe+empty_moov', '-f', format];
  return execFileSync('ffmpeg', ['-loglevel', 'error', ...source.slice(0, format === 'gif' ? 4 : 6), ...target, '-'], {
    maxBuffer: 10_000_000,
  });
}
