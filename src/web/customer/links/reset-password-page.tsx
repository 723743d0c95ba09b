import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { Button, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { usePasswordTroubles } from '../security/password-troubles.js';
import { LinkPage } from './link-page.js';

const TEXTS = textsOf('reset-password', {
  title: { 'zh-CN': '设置新密码', en: 'Set a new password' },
  why: {
    'zh-CN':
      '请输入新密码，以及身份验证器上的六位动态验证码，或者一个恢复码。新密码至少 12 个字符，不要使用常见密码。设置之后，所有设备都需要重新登录。',
    en: 'Enter a new password, and the six digits of your authenticator app or one of your recovery codes. At least 12 characters, and not a common one. Every device will have to sign in again.',
  },
  password: { 'zh-CN': '新密码', en: 'New password' },
  code: { 'zh-CN': '动态验证码或恢复码', en: 'Code from the authenticator, or recovery code' },
  act: { 'zh-CN': '保存新密码', en: 'Save the new password' },
  done: {
    'zh-CN': '新密码已保存，现在可以用它登录了。',
    en: 'The new password is saved. You can sign in with it now.',
  },
  signIn: { 'zh-CN': '登录', en: 'Sign in' },
  refused: {
    'zh-CN': '没有成功：链接已经用过或已过期，或者验证码不对。',
    en: 'That did not work: the link was used or has expired, or the code is not the one.',
  },
  reset_needs_staff: {
    'zh-CN': '您的账户没有第二验证方式，不能自行设置新密码。请联系我们的工作人员，核实身份之后再登录。',
    en: 'Your account has no second factor, so it takes our staff to set a new password. Turn to them and show who you are.',
  },
});

/** Six digits are a code of the authenticator; anything else is a recovery code. */
const secondFactor = (typed: string) => {
  const digits = typed.replace(/\s/g, '');
  return /^\d{6}$/.test(digits) ? { code: digits } : { recoveryCode: typed };
};

export function ResetPasswordPage(): ReactNode {
  const say = useTexts(TEXTS);
  const refused = say('refused');
  const act = useAct({
    ...usePasswordTroubles(),
    reset_needs_staff: say('reset_needs_staff'),
    ...Object.fromEntries(
      ['link_refused', 'code_refused', 'recovery_code_refused', 'invalid_request'].map((code) => [code, refused]),
    ),
  });
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [done, setDone] = useState(false);
  const submit = (event: FormEvent, token: string) => {
    event.preventDefault();
    void act.run(async (key) => {
      await call('resetPassword', { body: { token, password, ...secondFactor(code.trim()) }, key });
      setDone(true);
    });
  };
  return (
    <LinkPage title={say('title')} why={done ? undefined : say('why')}>
      {(secret) =>
        done ? (
          <>
            <Notice kind="good">{say('done')}</Notice>
            <Link href="/sign-in">{say('signIn')}</Link>
          </>
        ) : (
          <form onSubmit={(event) => submit(event, secret)}>
            <PasswordField label={say('password')} value={password} onChange={setPassword} fresh />
            <Field label={say('code')}>
              {(ties) => (
                <input
                  {...ties}
                  autoComplete="one-time-code"
                  spellCheck={false}
                  required
                  maxLength={40}
                  value={code}
                  onChange={({ target }) => setCode(target.value)}
                />
              )}
            </Field>
            {act.trouble ? <Notice kind="bad">{act.trouble}</Notice> : null}
            <div className="actions">
              <Button look="act" type="submit" busy={act.busy}>
                {say('act')}
              </Button>
            </div>
          </form>
        )
      }
    </LinkPage>
  );
}
