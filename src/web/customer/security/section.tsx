import type { ReactNode } from 'react';

interface Props {
  /** What the check-up links to. */
  readonly id: string;
  readonly title: ReactNode;
  readonly why?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ id, title, why, children }: Props): ReactNode {
  return (
    <section className="sheet" id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {why ? <p className="hint">{why}</p> : null}
      {children}
    </section>
  );
}
