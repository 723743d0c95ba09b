import { type ReactNode, useEffect } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { textsOf, useTexts } from '../../ground/language.js';
import { type Role, useSession } from '../../ground/session.js';
import { SignIn } from '../../ground/sign-in.js';

const TEXTS = textsOf('sign-in-page', {
  title: { 'zh-CN': '登录', en: 'Sign in' },
  forgot: { 'zh-CN': '忘记密码', en: 'Forgot your password?' },
  register: { 'zh-CN': '还没有账户？注册', en: 'No account yet? Register' },
  report: { 'zh-CN': '不登录，直接报告', en: 'Report without signing in' },
});

/** Shows a sign-in, and goes on to where somebody came from, or to the first page of their roles. */
export function SignInPage(): ReactNode {
  const say = useTexts(TEXTS);
  const session = useSession();
  const [, go] = useLocation();
  const wanted = new URLSearchParams(useSearch()).get('next');
  useEffect(() => {
    if (session.state === 'enrol') go('/security', { replace: true });
    if (session.state !== 'in') return;
    const next = ownPath(wanted) ?? firstPage(session.me.roles);
    if (/^\/(desk|compliance|admin)/.test(next)) location.replace(next);
    else go(next, { replace: true });
  }, [session, wanted, go]);
  return (
    <section className="sheet narrow">
      <h1>{say('title')}</h1>
      <SignIn />
      <div className="others">
        <Link href="/forgot-password">{say('forgot')}</Link>
        <Link href="/register">{say('register')}</Link>
        <Link href="/report">{say('report')}</Link>
      </div>
    </section>
  );
}

/** Only a path of ours: a link to this page must not lead elsewhere. */
function ownPath(next: string | null): string | undefined {
  if (!next?.startsWith('/')) return undefined;
  const url = new URL(next, location.origin);
  return url.origin === location.origin ? `${url.pathname}${url.search}${url.hash}` : undefined;
}

function firstPage(roles: readonly Role[]): string {
  if (roles.some((role) => role === 'agent' || role === 'analyst' || role === 'approver')) return '/desk';
  if (roles.includes('compliance')) return '/compliance';
  return roles.includes('admin') ? '/admin' : '/';
}
