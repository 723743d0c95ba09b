import { useCallback, useState } from 'react';

/** What somebody typed, kept under a name until it was sent, so that a reload or a lost server costs no word. */
export function useDraft<T extends object>(
  storage: Storage,
  name: string,
  empty: T,
): [draft: T, change: (part: Partial<T>) => void, forget: () => void] {
  const [draft, setDraft] = useState<T>(() => ({ ...empty, ...read<T>(storage, name) }));
  const change = useCallback(
    (part: Partial<T>) =>
      setDraft((before) => {
        const next = { ...before, ...part };
        storage.setItem(name, JSON.stringify(next));
        return next;
      }),
    [storage, name],
  );
  const forget = () => {
    storage.removeItem(name);
    setDraft(empty);
  };
  return [draft, change, forget];
}

function read<T>(storage: Storage, name: string): Partial<T> {
  try {
    return JSON.parse(storage.getItem(name) ?? '{}') as Partial<T>;
  } catch {
    return {};
  }
}
