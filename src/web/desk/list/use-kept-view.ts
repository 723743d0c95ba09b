import { useRef } from 'react';

interface KeptView {
  readonly top: number;
  /** The first row that was seen. */
  readonly depth: number;
  readonly selected?: string | undefined;
}

const KEPT_AS = 'desk-view';
/** A reload brings back no deeper place than this: nobody waits for ten thousand cases to see one. */
const DEEPEST = 2_000;
const NOWHERE: KeptView = { top: 0, depth: 0 };

/** Where somebody was in the list, under these filters: for when they come back from a case, or reload. */
export function useKeptView(filters: string): [KeptView, (part: Partial<KeptView>) => void] {
  const kept = useRef<{ filters: string; view: KeptView }>(undefined);
  if (kept.current?.filters !== filters) kept.current = { filters, view: read(filters) };
  const { current } = kept;
  const began = useRef({ ...current });
  if (began.current.filters !== filters) began.current = { ...current };
  return [
    began.current.view,
    (part) => {
      current.view = { ...current.view, ...part };
      sessionStorage.setItem(KEPT_AS, JSON.stringify(current));
    },
  ];
}

function read(filters: string): KeptView {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? '{}') as { filters?: string; view?: KeptView };
    if (kept.filters !== filters || !kept.view) return NOWHERE;
    return kept.view.depth > DEEPEST ? { ...kept.view, top: 0, depth: 0 } : kept.view;
  } catch {
    return NOWHERE;
  }
}
