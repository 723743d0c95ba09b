import { useEffect, useState } from 'react';
import {
  type DeviceFile,
  dropFile,
  dropFiles,
  filesOn,
  keepFile,
  keepsFiles,
  moveFiles,
} from '../evidence/device-files.js';
import { adoptDraft, type Draft, draftShelf, EMPTY, forgetDraft, readDraft, writeDraft } from './draft.js';

/** The draft of one owner, kept on this device at every change: text at once, files as soon as they are written. */
export function useDraft(owner: string) {
  const [draft, setDraft] = useState(() => {
    const adopted = adoptDraft(owner);
    return { ...readDraft(owner), adopted };
  });
  const [files, setFiles] = useState<readonly DeviceFile[]>([]);
  const [adding, setAdding] = useState(0);
  const [keeps, setKeeps] = useState(true);
  const shelf = draftShelf(owner);
  const { adopted } = draft;

  useEffect(() => {
    let current = true;
    const load = async () => {
      if (adopted) await moveFiles(draftShelf(''), shelf);
      const [found, kept] = await Promise.all([filesOn(shelf), keepsFiles()]);
      if (!current) return;
      setFiles((now) => [...found, ...now.filter(({ id }) => !found.some((each) => each.id === id))]);
      setKeeps(kept);
    };
    void load();
    return () => {
      current = false;
    };
  }, [shelf, adopted]);

  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...writeDraft(owner, { ...now, ...part }), adopted }));
  /** What is shown is kept: each appears once it is written. */
  const addFiles = async (added: readonly File[]) => {
    setAdding((now) => now + added.length);
    for (const file of added) {
      const kept = { id: crypto.randomUUID(), shelf, file };
      if (!(await keepFile(kept))) setKeeps(false);
      setFiles((now) => [...now, kept]);
      setAdding((now) => now - 1);
    }
  };
  const removeFile = async (id: string) => {
    await dropFile(id);
    setFiles((now) => now.filter((each) => each.id !== id));
  };
  /** Takes everything off this device; what is no longer shown is gone. */
  const discard = async () => {
    await dropFiles(shelf);
    forgetDraft(owner);
    setDraft({ ...EMPTY, adopted: false });
    setFiles([]);
  };
  return { draft, change, files, adding, addFiles, removeFile, discard, keeps };
}

export type Drafting = ReturnType<typeof useDraft>;
