import { useMemo, useSyncExternalStore } from 'react';

/** A promise of the audit log that an act of this device's reader is in it, kept where they can show it. */
export interface KeptReceipt {
  readonly act: Act;
  /** The signed note. */
  readonly note: string;
  /** When it came, ISO 8601. */
  readonly at: string;
}
export type Act = 'report' | 'evidence' | 'message' | 'authenticator' | 'copy';

const MOST = 60;
const keyOf = (caseId: string): string => `receipts.${caseId}`;

const listeners = new Set<() => void>();

const receiptsKept = (caseId: string): readonly KeptReceipt[] => parsed(localStorage.getItem(keyOf(caseId)) ?? '[]');

function parsed(text: string): readonly KeptReceipt[] {
  try {
    const kept: unknown = JSON.parse(text);
    return Array.isArray(kept) ? (kept as KeptReceipt[]) : [];
  } catch {
    return [];
  }
}

export function keepReceipts(caseId: string, act: Act, notes: readonly string[]): void {
  if (notes.length === 0) return;
  const at = new Date().toISOString();
  const kept = [...receiptsKept(caseId), ...notes.map((note) => ({ act, note, at }))].slice(-MOST);
  localStorage.setItem(keyOf(caseId), JSON.stringify(kept));
  for (const listener of listeners) listener();
}

/** The same, kept up to date while it is shown. */
export function useReceipts(caseId: string): readonly KeptReceipt[] {
  const kept = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => localStorage.getItem(keyOf(caseId)) ?? '[]',
  );
  return useMemo(() => parsed(kept), [kept]);
}

/** The ids of the events that a receipt names: what follows the fourth line's hash (see proof/receipt.ts). */
export const eventsOf = (note: string): readonly string[] =>
  (note.split('\n\n')[0] ?? '')
    .split('\n')
    .slice(3)
    .flatMap((line) => line.split(' ')[1] ?? []);
