import type { ReactNode } from 'react';

interface Props {
  readonly kind?: 'plain' | 'good' | 'warn' | 'bad';
  readonly children: ReactNode;
}

/** A state in a word or two; the colour only says it again. */
export function Chip({ kind = 'plain', children }: Props): ReactNode {
  return <span className={`chip ${kind}`}>{children}</span>;
}
