import type { ReactNode } from 'react';
import { textsOf, useTexts } from './language.js';
import { signOut, useSession } from './session.js';
import { Notice } from './ui.js';
import { useAct } from './use-act.js';

const TEXTS = textsOf('sign-out', {
  stillIn: { 'zh-CN': '未能退出，您仍处于登录状态。{{why}}', en: 'You are still signed in. {{why}}' },
});

/** Signs out, and what to show when that did not happen: nobody may believe themselves signed out who is not. */
export function useSignOut(): { readonly leave: () => void; readonly trouble: ReactNode } {
  const say = useTexts(TEXTS);
  const session = useSession();
  const act = useAct();
  const trouble =
    'me' in session && act.trouble ? <Notice kind="bad">{say('stillIn', { why: act.trouble })}</Notice> : null;
  return { leave: () => void act.run(signOut), trouble };
}
