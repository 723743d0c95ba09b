import { useEffect, useRef, useState } from 'react';
import { type Queued, UploadQueue } from './upload-queue.js';

/** The queue of a case for as long as a page shows it. */
export function useUploads(caseId: string, onArrived: () => void) {
  const [lines, setLines] = useState<readonly Queued[]>([]);
  const queue = useRef<UploadQueue>(undefined);
  const arrived = useRef(onArrived);
  useEffect(() => {
    arrived.current = onArrived;
  });
  useEffect(() => {
    const own = new UploadQueue(caseId, { onChange: setLines, onArrived: () => arrived.current() });
    queue.current = own;
    own.start();
    return () => own.stop();
  }, [caseId]);
  return {
    lines,
    add: (files: readonly File[]) => queue.current?.add(files),
    remove: (id: string) => queue.current?.remove(id),
    again: () => queue.current?.again(),
  };
}
