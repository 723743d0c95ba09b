import { useEffect, useRef } from 'react';

export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

/** How long a `g` waits for the letter that says where to. */
const CHORD_MS = 1_200;

/** While somebody types, or a dialog is open, letters are letters. */
function isTaken(event: KeyboardEvent): boolean {
  const { target } = event;
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector('dialog[open], .ant-modal-wrap:not([style*="display: none"]), .ant-drawer-open'))
    return true;
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('input, textarea, select, [role=combobox], [role=option], [role=menuitem]'))
  );
}

/** Runs what a key stands for; a name of two letters is one after the other (`gd`). */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let first = '';
    let at = 0;
    const onKey = (event: KeyboardEvent) => {
      if (isTaken(event)) return;
      const chord = performance.now() - at < CHORD_MS ? first + event.key : event.key;
      const run = latest.current[chord] ?? latest.current[event.key];
      [first, at] = run ? ['', 0] : [event.key, performance.now()];
      if (!run) return;
      event.preventDefault();
      run(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
