import { type FormEvent, type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { call } from '../../ground/client.js';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { Button, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { usePasswordTroubles } from './password-troubles.js';

const TEXTS = textsOf('register', {
  title: { 'zh-CN': '注册', en: 'Register' },
  email: { 'zh-CN': '邮箱', en: 'E-mail' },
  password: { 'zh-CN': '密码', en: 'Password' },
  passwordHint: { 'zh-CN': '至少 12 个字符，不要使用常见密码。', en: 'At least 12 characters, and not a common one.' },
  act: { 'zh-CN': '注册', en: 'Register' },
  done: {
    'zh-CN': '请查看邮箱：我们发了一封邮件，按其中的链接完成注册。',
    en: 'Check your mail: we sent a message with a link that finishes the registration.',
  },
  signIn: { 'zh-CN': '已有账户？登录', en: 'Already registered? Sign in' },
});

export function RegisterPage(): ReactNode {
  const say = useTexts(TEXTS);
  const locale = useLanguage();
  const { busy, trouble, run } = useAct(usePasswordTroubles());
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void run(async (key) => {
      await call('register', { body: { email: email.trim(), password, locale }, key });
      setDone(true);
    });
  };
  return (
    <section className="sheet narrow">
      <h1>{say('title')}</h1>
      {done ? (
        <Notice kind="good">{say('done')}</Notice>
      ) : (
        <form onSubmit={submit}>
          <Field label={say('email')}>
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
          <PasswordField
            label={say('password')}
            hint={say('passwordHint')}
            value={password}
            onChange={setPassword}
            trouble={trouble}
            fresh
          />
          <div className="actions">
            <Button look="act" type="submit" busy={busy}>
              {say('act')}
            </Button>
          </div>
        </form>
      )}
      <Link href="/sign-in">{say('signIn')}</Link>
    </section>
  );
}
