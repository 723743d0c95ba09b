import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { Button, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { LinkPage } from './link-page.js';

const TEXTS = textsOf('confirm-address', {
  title: { 'zh-CN': '确认邮箱地址', en: 'Confirm your e-mail address' },
  why: {
    'zh-CN': '请输入注册时设置的密码。如果不是您注册的，请关闭本页。',
    en: 'Enter the password you registered with. If it was not you who registered, close this page.',
  },
  password: { 'zh-CN': '密码', en: 'Password' },
  act: { 'zh-CN': '确认', en: 'Confirm' },
  done: { 'zh-CN': '邮箱地址已确认，现在可以登录了。', en: 'The address is confirmed. You can sign in now.' },
  signIn: { 'zh-CN': '登录', en: 'Sign in' },
  link_refused: {
    'zh-CN': '没有成功：链接已经用过或已过期，或者密码不对。',
    en: 'That did not work: the link was used or has expired, or the password is not the one.',
  },
});

export function ConfirmAddressPage(): ReactNode {
  const say = useTexts(TEXTS);
  const act = useAct({ link_refused: say('link_refused') });
  const [password, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const submit = (event: FormEvent, token: string) => {
    event.preventDefault();
    void act.run(async (key) => {
      await call('confirmAddress', { body: { token, password }, key });
      setDone(true);
    });
  };
  return (
    <LinkPage title={say('title')} why={done ? undefined : say('why')}>
      {(secret) =>
        done ? (
          <>
            <Notice kind="good">{say('done')}</Notice>
            <Link href="/sign-in?next=/security">{say('signIn')}</Link>
          </>
        ) : (
          <form onSubmit={(event) => submit(event, secret)}>
            <PasswordField label={say('password')} value={password} onChange={setPassword} trouble={act.trouble} />
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
