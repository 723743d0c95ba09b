import type { ReactNode } from 'react';

/** Whoever has only a keyboard scrolls what has the focus (WCAG 2.1.1), so what scrolls can have it. */
const REACHABLE = { tabIndex: 0 };

interface Props {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Room in which something wide scrolls by itself, so that the page does not. */
export function Scroller({ label, className = '', children }: Props): ReactNode {
  return (
    <section className={`scroller ${className}`} aria-label={label} {...REACHABLE}>
      {children}
    </section>
  );
}
