import type { FileFacts, PreviewForm, PreviewRequest, Region } from './words.js';

export interface Answer {
  readonly form: PreviewForm;
  readonly facts: FileFacts;
  readonly bytes: Uint8Array;
}

/** Libraries are loaded when a file needs them: loading all of them takes longer than most previews. */
export async function answerWith(request: PreviewRequest, file: Buffer): Promise<Answer> {
  switch (request.type) {
    case 'application/zip':
      return content('archive', await (await import('./read-archive.js')).readArchive());
    case 'message/rfc822':
      return content('mail', await (await import('./read-mail.js')).readMail(file));
    case 'text/plain':
      return content('text', (await import('./read-text.js')).readText(file, request.charset ?? 'utf-8'));
    default:
      return image(request, file);
  }
}

/** What every picture needs. */
export const loadPictures = () =>
  Promise.all([import('./open-picture.js'), import('./draw-picture.js'), import('./read-facts.js')]);

async function image({ work, type, regions = [] }: PreviewRequest, file: Buffer): Promise<Answer> {
  const [{ fromHeic, fromImage, fromPdf }, { shrunk, redacted }, { readFacts }] = await loadPictures();
  const open = type === 'application/pdf' ? fromPdf : type === 'image/heic' ? fromHeic : fromImage;
  const { picture, ...opened } = await open(file, work);
  const facts = { ...(type === 'application/pdf' ? {} : readFacts(file)), ...opened };
  const bytes = work === 'redact' ? await redacted(picture, sizeOf(facts), regions as Region[]) : await shrunk(picture);
  return { form: 'image', facts, bytes };
}

const sizeOf = ({ width = 0, height = 0 }: FileFacts) => ({ width, height });

const content = (form: PreviewForm, value: object): Answer => ({
  form,
  facts: {},
  bytes: Buffer.from(JSON.stringify(value)),
});
