import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Notice } from '../../ground/ui.js';

const TEXTS = textsOf('link-page', {
  noSecret: {
    'zh-CN': '这个链接不完整。请从邮件或页面上完整复制，再打开一次。',
    en: 'This link is incomplete. Copy all of it from the mail or the page and open it again.',
  },
});

interface Props {
  readonly title: ReactNode;
  readonly why?: ReactNode;
  /** Gets the secret, which stands behind # in the address, where no server sees it. */
  readonly children: (secret: string) => ReactNode;
}

/** A page behind a link that we hand out. It does nothing until its button is pressed: programs that read mails open every link. */
export function LinkPage({ title, why, children }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const secret = location.hash.slice(1);
  return (
    <section className="sheet narrow">
      <h1>{title}</h1>
      {secret ? (
        <>
          {why ? <p>{why}</p> : null}
          {children(secret)}
        </>
      ) : (
        <Notice kind="bad">{say('noSecret')}</Notice>
      )}
    </section>
  );
}
