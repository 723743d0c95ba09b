import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { Button, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { usePasswordTroubles } from '../security/password-troubles.js';
import { LinkPage } from './link-page.js';

const TEXTS = textsOf('setup', {
  title: { 'zh-CN': '设置密码', en: 'Set your password' },
  why: {
    'zh-CN': '至少 12 个字符，不要使用常见密码。链接只能使用一次。',
    en: 'At least 12 characters, and not a common one. The link works once.',
  },
  password: { 'zh-CN': '新密码', en: 'New password' },
  act: { 'zh-CN': '保存密码', en: 'Save the password' },
  sso: { 'zh-CN': '改用员工单点登录', en: 'Use staff single sign-on instead' },
  done: {
    'zh-CN': '密码已保存。登录后请马上设置第二验证方式。',
    en: 'The password is saved. Set up a second factor as soon as you have signed in.',
  },
  signIn: { 'zh-CN': '登录', en: 'Sign in' },
  link_refused: {
    'zh-CN': '没有成功：链接已经用过或已过期。请向管理员要一个新的。',
    en: 'That did not work: the link was used or has expired. Ask your administrator for a new one.',
  },
});

export function SetupPage(): ReactNode {
  const say = useTexts(TEXTS);
  const act = useAct({ ...usePasswordTroubles(), link_refused: say('link_refused') });
  const { data } = useQuery({ queryKey: ['listSsoProviders'], queryFn: () => call('listSsoProviders') });
  const [password, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const submit = (event: FormEvent, token: string) => {
    event.preventDefault();
    void act.run(async (key) => {
      await call('finishSetup', { body: { token, password }, key });
      setDone(true);
    });
  };
  const throughProvider = (token: string) =>
    void act.run(async (key) => {
      const { url } = await call('startSsoInvitation', { params: { provider: 'staff' }, body: { token }, key });
      location.assign(url);
    });
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
            <PasswordField
              label={say('password')}
              value={password}
              onChange={setPassword}
              trouble={act.trouble}
              fresh
            />
            <div className="actions">
              {data?.providers.includes('staff') ? (
                <Button onClick={() => throughProvider(secret)}>{say('sso')}</Button>
              ) : null}
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
