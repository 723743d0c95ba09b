import { type ReactNode, useEffect } from 'react';

interface Props {
  readonly title: string;
  readonly lead?: ReactNode;
  /** What can be done with the whole page. */
  readonly acts?: ReactNode;
}

/** The head of a page: its name, in the tab too, a sentence on what it is for, and what can be done with all of it. */
export function PageTitle({ title, lead, acts }: Props): ReactNode {
  useEffect(() => {
    document.title = `${title} · Firebreak`;
  }, [title]);
  return (
    <header className="page-title">
      <div>
        <h1>{title}</h1>
        {lead ? <p className="lead">{lead}</p> : null}
      </div>
      {acts ? <div className="page-acts">{acts}</div> : null}
    </header>
  );
}
