import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { useMe } from '../../ground/session.js';
import { Button, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { usePasswordTroubles } from './password-troubles.js';
import { Section } from './section.js';

const TEXTS = textsOf('password-change', {
  title: { 'zh-CN': '登录密码', en: 'Password' },
  why: {
    'zh-CN': '更换后，其他设备上的登录立即结束。',
    en: 'Once it is changed, every other session ends at once.',
  },
  present: { 'zh-CN': '现在的密码', en: 'Present password' },
  fresh: { 'zh-CN': '新密码', en: 'New password' },
  freshHint: { 'zh-CN': '至少 12 个字符，不要使用常见密码。', en: 'At least 12 characters, and not a common one.' },
  act: { 'zh-CN': '更换密码', en: 'Change the password' },
  done: { 'zh-CN': '密码已更换，其他登录已结束。', en: 'The password is changed; other sessions have ended.' },
});

export function PasswordChange(): ReactNode {
  const say = useTexts(TEXTS);
  const { secondFactor, passkeys } = useMe();
  const act = useAct(usePasswordTroubles());
  const [present, setPresent] = useState('');
  const [password, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    void act.run(async (key) => {
      const reverify = Boolean(secondFactor) || passkeys.length > 0;
      await call('changePassword', { body: { present, password }, key, reverify });
      setPresent('');
      setPassword('');
      setDone(true);
    });
  };
  return (
    <Section id="password" title={say('title')} why={say('why')}>
      <form onSubmit={submit}>
        <PasswordField label={say('present')} value={present} onChange={setPresent} />
        <PasswordField
          label={say('fresh')}
          hint={say('freshHint')}
          value={password}
          onChange={setPassword}
          trouble={act.trouble}
          fresh
        />
        {done ? <Notice kind="good">{say('done')}</Notice> : null}
        <div className="actions">
          <Button type="submit" busy={act.busy}>
            {say('act')}
          </Button>
        </div>
      </form>
    </Section>
  );
}
