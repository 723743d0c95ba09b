import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Button, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { LinkPage } from './link-page.js';

const TEXTS = textsOf('not-me', {
  title: { 'zh-CN': '这不是我操作的', en: 'This was not me' },
  why: {
    'zh-CN':
      '按下按钮后：您的所有登录立即结束；如果关联了交易所账户，我们请求交易所暂停提现几个小时；工作人员马上介入。交易和登录不会被关闭。如果是您本人操作的，请关闭本页。',
    en: 'The button ends all your sessions at once, asks the exchange to hold withdrawals for some hours where an account is linked, and calls our staff. Trading and signing in stay open. If it was you, close this page.',
  },
  act: { 'zh-CN': '不是我操作的，请保护我的账户', en: 'It was not me: protect my account' },
  asked: {
    'zh-CN': '所有登录已结束，已请求交易所暂停提现，工作人员已收到通知。请登录并更换密码，然后查看案件。',
    en: 'All sessions have ended, the exchange was asked to hold withdrawals, and our staff were called. Sign in, change your password, and follow the case there.',
  },
  'in-force': {
    'zh-CN': '所有登录已结束，工作人员已收到通知。提现此前已经暂停。请登录并更换密码，然后查看案件。',
    en: 'All sessions have ended and our staff were called. Withdrawals are on hold already. Sign in, change your password, and follow the case there.',
  },
  'not-possible': {
    'zh-CN': '所有登录已结束，工作人员已收到通知。这里不能再暂停提现：请登录并提交报告。',
    en: 'All sessions have ended and our staff were called. Withdrawals could not be held from here: sign in and report it.',
  },
  number: { 'zh-CN': '案件编号：', en: 'Case number: ' },
  signIn: { 'zh-CN': '登录并更换密码', en: 'Sign in and change your password' },
  report: { 'zh-CN': '报告', en: 'Report it' },
  link_refused: {
    'zh-CN': '没有成功：链接已经用过或已过期。如果您的账户有危险，请登录并提交报告，或不登录提交报告。',
    en: 'That did not work: the link was used or has expired. If your account is in danger, report it, signed in or not.',
  },
});

export function NotMePage(): ReactNode {
  const say = useTexts(TEXTS);
  const act = useAct({ link_refused: say('link_refused') });
  const [done, setDone] = useState<Reply<'disownSecurityChange'>>();
  const disown = (token: string) =>
    void act.run(async (key) => setDone(await call('disownSecurityChange', { body: { token }, key })));
  return (
    <LinkPage title={say('title')} why={done ? undefined : say('why')}>
      {(secret) =>
        done ? (
          <>
            <Notice kind="good">{say(done.hold)}</Notice>
            {done.caseNumber ? (
              <p>
                {say('number')}
                <strong>{done.caseNumber}</strong>
              </p>
            ) : null}
            <Link href="/sign-in?next=/security%23password">{say('signIn')}</Link>
          </>
        ) : (
          <>
            {act.trouble ? (
              <Notice kind="bad">
                {act.trouble} <Link href="/report">{say('report')}</Link>
              </Notice>
            ) : null}
            <div className="actions">
              <Button look="danger" busy={act.busy} onClick={() => disown(secret)}>
                {say('act')}
              </Button>
            </div>
          </>
        )
      }
    </LinkPage>
  );
}
