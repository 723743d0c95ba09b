import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { call } from '../../ground/client.js';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import { Button, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';

const TEXTS = textsOf('forgot', {
  title: { 'zh-CN': '忘记密码', en: 'Forgot your password' },
  why: {
    'zh-CN': '我们会发送一个链接。设置新密码还需要身份验证器的验证码或恢复码：只有邮箱是不够的。',
    en: 'We mail you a link. A new password also takes a code of your authenticator or a recovery code: the mailbox alone is not enough.',
  },
  email: { 'zh-CN': '登录邮箱', en: 'E-mail you sign in with' },
  act: { 'zh-CN': '发送链接', en: 'Send the link' },
  done: {
    'zh-CN': '请查看邮箱。如果这个邮箱已注册，其中有下一步的链接。',
    en: 'Check your mail. If this address is registered, it has the link to go on with.',
  },
  mailboxLost: {
    'zh-CN': '如果别人可能在看您的邮箱，请不要使用邮件链接，请直接报告。',
    en: 'If somebody else may be reading your mailbox, do not use a mailed link: report it instead.',
  },
  report: { 'zh-CN': '报告', en: 'Report it' },
});

export function ForgotPage(): ReactNode {
  const say = useTexts(TEXTS);
  const locale = useLanguage();
  const { busy, trouble, run } = useAct();
  const [email, setEmail] = useState('');
  const [done, setDone] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async (key) => {
      await call('askPasswordReset', { body: { email: email.trim(), locale }, key });
      setDone(true);
    });
  };
  return (
    <section className="sheet narrow">
      <h1>{say('title')}</h1>
      <p>{say('why')}</p>
      {done ? (
        <Notice kind="good">{say('done')}</Notice>
      ) : (
        <form onSubmit={submit}>
          <Field label={say('email')} trouble={trouble}>
            {(ties) => (
              <input
                {...ties}
                type="email"
                autoComplete="username"
                required
                value={email}
                onChange={({ target }) => setEmail(target.value)}
              />
            )}
          </Field>
          <div className="actions">
            <Button look="act" type="submit" busy={busy}>
              {say('act')}
            </Button>
          </div>
        </form>
      )}
      <p className="hint">
        {say('mailboxLost')} <Link href="/report">{say('report')}</Link>
      </p>
    </section>
  );
}
