import { useEffect, useState } from 'react';

/** An address for bytes that the page holds, given back when they are no longer shown. */
export function useObjectUrl(bytes: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!bytes) return setUrl(undefined);
    const made = URL.createObjectURL(bytes);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return url;
}

const KEPT_MS = 60_000;

/** Puts bytes into the reader's downloads. The name is somebody's text: what could turn it around is taken out. */
export function saveAs(bytes: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name.replace(/[\p{C}/\\]/gu, '_');
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
