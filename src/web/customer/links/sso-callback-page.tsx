import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { ApiProblem } from '../../ground/problem.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { SecondFactor } from '../../ground/second-factor.js';
import { takeSession, useSession } from '../../ground/session.js';
import { REVERIFICATION_CHANNEL } from '../../ground/step-up-sso.js';
import { Notice, Waiting } from '../../ground/ui.js';

const TEXTS = textsOf('sso-callback', {
  title: { 'zh-CN': '单点登录', en: 'Single sign-on' },
  wait: { 'zh-CN': '正在完成……', en: 'Finishing …' },
  linked: {
    'zh-CN': '已关联，以后可以用它登录。我们已通知您的联系方式。',
    en: 'It is linked, and signs you in from now on. We have told your contact points.',
  },
  reverified: {
    'zh-CN': '已确认。请关闭这个窗口，回到刚才的页面。',
    en: 'Confirmed. Close this window and go back to the page you came from.',
  },
  sso_not_linked: {
    'zh-CN': '这个账户还没有关联。请先用密码登录，再在安全设置中关联。',
    en: 'That account is not linked yet. Sign in with your password and link it in your security settings.',
  },
  sso_linked: { 'zh-CN': '这个账户或者您本人已有关联。', en: 'That account, or you, are linked already.' },
  sso_too_weak: {
    'zh-CN': '对方没有要求两种验证方式。请用验证码或通行密钥确认。',
    en: 'The provider did not ask for two factors. Confirm with a code or a passkey.',
  },
  refused: { 'zh-CN': '没有成功。请从头再来一次。', en: 'That did not work. Start again.' },
  signIn: { 'zh-CN': '登录', en: 'Sign in' },
  security: { 'zh-CN': '安全设置', en: 'Security settings' },
});

type Came = Reply<'finishSso'>;

/** Where a provider sends people back to; takes what it says and goes on with what they set out for. */
export function SsoCallbackPage(): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const session = useSession();
  const [, go] = useLocation();
  const [came, setCame] = useState<Came>();
  const [trouble, setTrouble] = useState<unknown>();
  const begun = useRef(false);
  const known = session.state !== 'unknown'; // who set out to link or to confirm is signed in

  useEffect(() => {
    if (!known || begun.current) return;
    begun.current = true;
    comeBack().then(setCame, setTrouble);
  }, [known]);
  useEffect(() => {
    if (came?.result === 'session' && came.next !== 'second-factor') go('/sign-in', { replace: true });
  }, [came, go]);

  return (
    <section className="sheet narrow">
      <h1>{say('title')}</h1>
      {came?.next === 'second-factor' ? (
        <SecondFactor
          ticket={came.ticket ?? ''}
          methods={came.methods ?? []}
          onDone={() => go('/sign-in', { replace: true })}
          onRestart={() => go('/sign-in', { replace: true })}
        />
      ) : null}
      {came?.result === 'linked' || came?.result === 'reverified' ? (
        <Notice kind="good">{say(came.result)}</Notice>
      ) : null}
      {came?.result === 'linked' ? <Link href="/security">{say('security')}</Link> : null}
      {trouble ? (
        <Notice kind="bad">
          {problemText(trouble, {
            sso_not_linked: say('sso_not_linked'),
            sso_linked: say('sso_linked'),
            sso_too_weak: say('sso_too_weak'),
            ...Object.fromEntries(REFUSED.map((code) => [code, say('refused')])),
          })}{' '}
          <Link href="/sign-in">{say('signIn')}</Link>
        </Notice>
      ) : null}
      {came || trouble ? null : <Waiting>{say('wait')}</Waiting>}
    </section>
  );
}

const REFUSED = [
  'sso_refused',
  'sso_not_for_you',
  'link_refused',
  'reverification_not_found',
  'origin_refused',
  'invalid_request',
];

async function comeBack(): Promise<Came> {
  const query = new URLSearchParams(location.search);
  history.replaceState(null, '', location.pathname); // the code is used up, and nobody's to read over a shoulder
  const given = (name: string) => {
    const value = query.get(name);
    return value === null ? {} : { [name]: value };
  };
  const channel = new BroadcastChannel(REVERIFICATION_CHANNEL);
  try {
    const body = { state: query.get('state') ?? '', ...given('code'), ...given('error'), ...given('iss') };
    const came = await call('finishSso', { body });
    if (came.result === 'reverified') channel.postMessage({ token: came.token });
    if (came.result === 'session' && came.accessToken && came.expiresAt && came.next)
      await takeSession({ accessToken: came.accessToken, expiresAt: came.expiresAt, next: came.next });
    return came;
  } catch (error) {
    if (error instanceof ApiProblem) channel.postMessage({ code: error.code });
    throw error;
  } finally {
    channel.close();
  }
}
