/** How far a download is; its size is not known before it ends. */
export interface Progress {
  readonly bytes: number;
  readonly lines: number;
}

const LINE_FEED = 10;

/** Reads an answer to its end, telling how far it is, and gives it back as one file. Memory holds all of it, once. */
export async function readWhole(response: Response, onProgress: (progress: Progress) => void): Promise<Blob> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let lines = 0;
  const reader = response.body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    parts.push(read.value);
    bytes += read.value.length;
    for (const byte of read.value) if (byte === LINE_FEED) lines += 1;
    onProgress({ bytes, lines });
  }
  return new Blob(parts, { type: response.headers.get('content-type') ?? '' });
}

/** Gives a file to the browser to keep. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
