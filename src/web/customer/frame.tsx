import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { setLanguage, textsOf, useLanguage, useTexts } from '../ground/language.js';
import { useSession } from '../ground/session.js';
import { Button } from '../ground/ui.js';
import { useSignOut } from '../ground/use-sign-out.js';

const TEXTS = textsOf('customer-frame', {
  skip: { 'zh-CN': '跳到正文', en: 'Skip to the content' },
  other: { 'zh-CN': 'English', en: '中文' },
  nav: { 'zh-CN': '主导航', en: 'Main' },
  report: { 'zh-CN': '报告', en: 'Report' },
  cases: { 'zh-CN': '我的案件', en: 'My cases' },
  security: { 'zh-CN': '安全', en: 'Security' },
  desk: { 'zh-CN': '工作台', en: 'Desk' },
  signIn: { 'zh-CN': '登录', en: 'Sign in' },
  signOut: { 'zh-CN': '退出', en: 'Sign out' },
});

/** What stands around every page of the customers' door. */
export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const say = useTexts(TEXTS);
  const session = useSession();
  const language = useLanguage();
  const me = 'me' in session ? session.me : undefined;
  const { leave, trouble } = useSignOut();
  const staff = me?.roles.some((role) => role !== 'customer');
  return (
    <>
      <a className="skip" href="#content">
        {say('skip')}
      </a>
      <header className="top">
        <Link href="/" className="brand">
          Firebreak
        </Link>
        <nav aria-label={say('nav')}>
          <Link href="/report">{say('report')}</Link>
          {me ? <Link href="/cases">{say('cases')}</Link> : null}
          {me ? <Link href="/security">{say('security')}</Link> : null}
          {staff ? <a href="/desk">{say('desk')}</a> : null}
        </nav>
        <div className="top-end">
          <Button
            look="link"
            lang={language === 'en' ? 'zh-CN' : 'en'}
            onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}
          >
            {say('other')}
          </Button>
          {me ? (
            <Button look="link" onClick={leave}>
              {say('signOut')}
            </Button>
          ) : (
            <Link href="/sign-in">{say('signIn')}</Link>
          )}
        </div>
      </header>
      <main id="content">
        {trouble}
        {children}
      </main>
    </>
  );
}
