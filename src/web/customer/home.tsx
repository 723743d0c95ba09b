import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { textsOf, useTexts } from '../ground/language.js';
import { type Me, useSession } from '../ground/session.js';
import { canFreeze, FreezeNow } from './freeze-now.js';
import { OwnHolds } from './own-holds.js';
import './parts.css';

const TEXTS = textsOf('home', {
  title: { 'zh-CN': '账户出事了？', en: 'Something wrong with your account?' },
  lead: {
    'zh-CN': '先止损，再说明经过。我们会告诉您每一步的进展。',
    en: 'Stop the loss first, then tell us what happened. We say at every step where it stands.',
  },
  report: { 'zh-CN': '报告发生了什么', en: 'Report what happened' },
  reportWhy: {
    'zh-CN': '约两分钟，不登录也可以。附上截图，安全人员会马上看到。',
    en: 'About two minutes, signed in or not. Add screenshots: a security officer sees them at once.',
  },
  hold: { 'zh-CN': '不能登录？请求短时暂停提现', en: 'Cannot sign in? Ask for a short hold on withdrawals' },
  holdWhy: {
    'zh-CN': '在报告里写上账户编号或注册邮箱，我们会请求交易所暂停提现几个小时。账户主人会收到通知，并可以取消。',
    en: 'Give the account number or its e-mail address in the report, and we ask the exchange to hold withdrawals for some hours. The owner is told, and can cancel it.',
  },
  signIn: { 'zh-CN': '登录并冻结账户', en: 'Sign in to freeze the account' },
  signInWhy: {
    'zh-CN': '登录后只需一次确认，几秒内就能冻结整个账户。',
    en: 'Once signed in, one confirmation freezes the whole account within seconds.',
  },
  setUp: { 'zh-CN': '还差一步，才能一键冻结', en: 'One step is missing before you can freeze with one press' },
  link: {
    'zh-CN': '把您的交易所账户关联到这里。',
    en: 'Link your account at the exchange.',
  },
  factor: { 'zh-CN': '设置身份验证器或通行密钥。', en: 'Set up an authenticator or a passkey.' },
  toSecurity: { 'zh-CN': '前往“安全”', en: 'Go to Security' },
  cases: { 'zh-CN': '我的案件', en: 'My cases' },
  casesWhy: { 'zh-CN': '查看进展、补充证据、回复我们。', en: 'See where they stand, add evidence, answer us.' },
  track: { 'zh-CN': '已有案件？', en: 'Have a case already?' },
  trackWhy: {
    'zh-CN': '用您保存的追踪链接打开，或登录后在“我的案件”中查看。',
    en: 'Open the tracking link you kept, or sign in and look under “My cases”.',
  },
});

export function Home(): ReactNode {
  const say = useTexts(TEXTS);
  const session = useSession();
  const me = 'me' in session ? session.me : undefined;
  return (
    <>
      <h1>{say('title')}</h1>
      <p className="lead">{say('lead')}</p>
      {me ? <OwnHolds /> : null}
      {me ? <ForCustomer me={me} /> : session.state === 'unknown' ? null : <ForStranger />}
      <Choice href="/report" title={say('report')} why={say('reportWhy')} strong />
      {me ? (
        <Choice href="/cases" title={say('cases')} why={say('casesWhy')} />
      ) : (
        <>
          <Choice href="/report" title={say('hold')} why={say('holdWhy')} />
          <section className="sheet quiet">
            <h2>{say('track')}</h2>
            <p>{say('trackWhy')}</p>
          </section>
        </>
      )}
    </>
  );
}

function ForStranger(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <section className="sheet freeze-now">
      <h2>{say('signIn')}</h2>
      <p>{say('signInWhy')}</p>
      <Link className="button danger big" href="/sign-in?next=/">
        {say('signIn')}
      </Link>
    </section>
  );
}

function ForCustomer({ me }: { readonly me: Me }): ReactNode {
  const say = useTexts(TEXTS);
  if (canFreeze(me)) return <FreezeNow me={me} />;
  return (
    <section className="sheet">
      <h2>{say('setUp')}</h2>
      <ul>
        {me.accountId ? null : <li>{say('link')}</li>}
        {me.secondFactor || me.passkeys.length > 0 ? null : <li>{say('factor')}</li>}
      </ul>
      <Link className="button plain" href="/security">
        {say('toSecurity')}
      </Link>
    </section>
  );
}

interface ChoiceProps {
  readonly href: string;
  readonly title: string;
  readonly why: string;
  readonly strong?: boolean;
}

/** A way on, as large as a thumb needs it. */
function Choice({ href, title, why, strong = false }: ChoiceProps): ReactNode {
  return (
    <Link className={`choice ${strong ? 'strong' : ''}`} href={href}>
      <strong>{title}</strong>
      <span>{why}</span>
    </Link>
  );
}
