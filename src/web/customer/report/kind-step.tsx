import type { ReactNode } from 'react';
import { useTexts } from '../../ground/language.js';
import { KIND_TEXTS, KINDS, type Kind } from '../kinds.js';

interface Props {
  readonly kind: Kind | undefined;
  readonly onKind: (kind: Kind) => void;
}

/** One press says it and goes on. */
export function KindStep({ kind, onKind }: Props): ReactNode {
  const say = useTexts(KIND_TEXTS);
  return (
    <ul className="kinds">
      {KINDS.map((each) => (
        <li key={each}>
          <button type="button" className="choice" aria-pressed={each === kind} onClick={() => onKind(each)}>
            <strong>{say(each)}</strong>
            <span>{say(`${each}.hint`)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
