import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { useMe } from '../../ground/session.js';
import { Button, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { usePasswordTroubles } from './password-troubles.js';
import { Section } from './section.js';

const TEXTS = textsOf('mail-word', {
  title: { 'zh-CN': '防钓鱼码', en: 'Anti-phishing code' },
  why: {
    'zh-CN': '选一个词，我们发给您的每封邮件都会显示它。没有它的邮件不是我们发的。不要使用密码。',
    en: 'A word of your choice that every mail of ours to you shows. A mail without it is not from us. Do not use a password.',
  },
  word: { 'zh-CN': '新的防钓鱼码', en: 'New anti-phishing code' },
  hint: {
    'zh-CN': '字母、数字和单个空格，4 到 30 个；中文至少 2 个字。',
    en: 'Letters, digits and single spaces, 4 to 30 of them.',
  },
  password: { 'zh-CN': '请再输入一次密码', en: 'Your password again' },
  act: { 'zh-CN': '保存', en: 'Save' },
  done: { 'zh-CN': '已保存，下一封邮件就会显示它。', en: 'Saved. The next mail shows it.' },
  mail_word_refused: { 'zh-CN': '这个词不符合要求。', en: 'This word does not fit.' },
});

export function MailWord(): ReactNode {
  const say = useTexts(TEXTS);
  const { secondFactor, passkeys, password: hasPassword } = useMe();
  const act = useAct({ ...usePasswordTroubles(), mail_word_refused: say('mail_word_refused') });
  const [word, setWord] = useState('');
  const [password, setPassword] = useState('');
  const [done, setDone] = useState(false);
  const strong = Boolean(secondFactor) || passkeys.length > 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDone(false);
    void act.run(async () => {
      await call('setMailWord', {
        body: { word: word.trim(), ...(strong || !hasPassword ? {} : { password }) },
        reverify: strong,
      });
      setWord('');
      setPassword('');
      setDone(true);
    });
  };
  return (
    <Section id="mail-word" title={say('title')} why={say('why')}>
      <form onSubmit={submit}>
        <Field label={say('word')} hint={say('hint')} trouble={act.trouble}>
          {(ties) => (
            <input
              {...ties}
              required
              maxLength={60}
              autoComplete="off"
              value={word}
              onChange={({ target }) => setWord(target.value)}
            />
          )}
        </Field>
        {strong || !hasPassword ? null : (
          <PasswordField label={say('password')} value={password} onChange={setPassword} />
        )}
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
