import type { ReactNode } from 'react';
import { useTexts } from '../../ground/language.js';
import type { Evidence } from '../case-types.js';
import { TEXTS } from './evidence-texts.js';

const LOOK = { 'not-scanned': 'warn', pending: 'warn', clean: 'good', infected: 'bad', failed: 'bad' } as const;

/** What a scanner said; said always, and never "clean" unless one did. */
export function ScanTag({ piece: { scan, signature, scanTrouble } }: { readonly piece: Evidence }): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <span className={`tag ${LOOK[scan]}`}>
      {say(`scan-${scan}`, { signature: signature ?? '–', trouble: scanTrouble ?? '–' })}
    </span>
  );
}
