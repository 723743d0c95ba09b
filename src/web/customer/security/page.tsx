import { type ReactNode, useEffect } from 'react';
import { SignedIn } from '../../ground/gate.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { useMe } from '../../ground/session.js';
import { Notice } from '../../ground/ui.js';
import { AccountLink } from './account-link.js';
import { Authenticator } from './authenticator.js';
import { CheckUp } from './check-up.js';
import { ContactPoints } from './contact-points.js';
import { MailWord } from './mail-word.js';
import { Passkeys } from './passkeys.js';
import { PasswordChange } from './password-change.js';
import { RecoveryCodes } from './recovery-codes.js';
import './security.css';
import { Sessions } from './sessions.js';
import { SingleSignOn } from './single-sign-on.js';
import { SupportCodes } from './support-codes.js';

const TEXTS = textsOf('security', {
  title: { 'zh-CN': '安全', en: 'Security' },
  enrolTitle: { 'zh-CN': '先设置第二验证方式', en: 'Set up a second factor first' },
  enrolWhy: {
    'zh-CN': '工作人员必须有通行密钥或身份验证器，之后其他页面才会打开。推荐通行密钥：假网站骗不走它。',
    en: 'Staff need a passkey or an authenticator before anything else opens. Prefer a passkey: no false page can trick you out of it.',
  },
});

/** Everything one's sign-in hangs on; staff without a second factor see only how to get one. */
export function SecurityPage(): ReactNode {
  return (
    <SignedIn enrol={<Enrol />}>
      <Sections />
    </SignedIn>
  );
}

function Sections(): ReactNode {
  const say = useTexts(TEXTS);
  const { roles } = useMe();
  const customer = roles.includes('customer');
  useDeepLink();
  return (
    <div className="security">
      <h1>{say('title')}</h1>
      {customer ? <CheckUp /> : null}
      <Passkeys />
      <Authenticator />
      <RecoveryCodes />
      <PasswordChange />
      <Sessions />
      <ContactPoints />
      <MailWord />
      {customer ? <SupportCodes /> : null}
      {customer ? <AccountLink /> : null}
      <SingleSignOn />
    </div>
  );
}

function Enrol(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <div className="security">
      <h1>{say('enrolTitle')}</h1>
      <Notice kind="warn">{say('enrolWhy')}</Notice>
      <Passkeys />
      <Authenticator />
    </div>
  );
}

/** The check-up links to sections that are drawn only after the address was looked at. */
function useDeepLink(): void {
  useEffect(() => {
    const show = () => {
      const id = location.hash.slice(1);
      if (/^[\w-]+$/.test(id)) document.getElementById(id)?.scrollIntoView();
    };
    show();
    window.addEventListener('hashchange', show);
    return () => window.removeEventListener('hashchange', show);
  }, []);
}
