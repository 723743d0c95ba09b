import { type ReactNode, useEffect } from 'react';
import { textsOf, useTexts } from './language.js';
import { openSession, useSession } from './session.js';
import { SignIn } from './sign-in.js';
import { Button, Dialog, Notice, Waiting } from './ui.js';

const TEXTS = textsOf('gate', {
  wait: { 'zh-CN': '正在打开……', en: 'Opening …' },
  title: { 'zh-CN': '登录', en: 'Sign in' },
  ended: { 'zh-CN': '您的登录已结束', en: 'Your session has ended' },
  endedWhy: {
    'zh-CN': '请重新登录。本页内容和您输入的文字都还在。',
    en: 'Sign in again. This page and what you typed are still here.',
  },
  away: {
    'zh-CN': '现在联系不上服务器。请检查网络。',
    en: 'The server cannot be reached right now. Check your connection.',
  },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
});

interface Props {
  /** Shown above the sign-in. */
  readonly intro?: ReactNode;
  /** `main` where no frame stands around it yet. */
  readonly landmark?: 'main' | 'section';
  /** For staff who must set up a second factor before anything else answers. */
  readonly enrol?: ReactNode;
  readonly children: ReactNode;
}

/** Shows its children to whoever is signed in, and a sign-in to everybody else. */
export function SignedIn({ intro, landmark: Landmark = 'section', enrol, children }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const session = useSession();
  useAway(session.state === 'away');
  switch (session.state) {
    case 'unknown':
      return (
        <Landmark>
          <Waiting>{say('wait')}</Waiting>
        </Landmark>
      );
    case 'away':
      return (
        <Landmark>
          <Notice kind="bad">
            {say('away')} <Button onClick={() => void openSession()}>{say('again')}</Button>
          </Notice>
        </Landmark>
      );
    case 'out':
      return (
        <Landmark className="sheet narrow">
          {intro ?? <h1>{say('title')}</h1>}
          <SignIn />
        </Landmark>
      );
    case 'enrol':
      return enrol ?? children;
    case 'in':
    case 'ended':
      return (
        <>
          {children}
          <SessionEnded />
        </>
      );
  }
}

/** Lays a sign-in over a page whose session has ended; the page stays as it is. */
export function SessionEnded(): ReactNode {
  const say = useTexts(TEXTS);
  const session = useSession();
  if (session.state !== 'ended') return null;
  return (
    <Dialog title={say('ended')}>
      <p>{say('endedWhy')}</p>
      <SignIn email={session.me.email} />
    </Dialog>
  );
}

/** Looks again by itself once the machine is back on a network. */
function useAway(away: boolean): void {
  useEffect(() => {
    if (!away) return;
    const again = () => void openSession();
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, [away]);
}
