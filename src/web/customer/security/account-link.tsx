import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { readMe, useMe } from '../../ground/session.js';
import { Button, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { Section } from './section.js';

const TEXTS = textsOf('account-link', {
  title: { 'zh-CN': '交易所账户', en: 'Exchange account' },
  linked: {
    'zh-CN': '已关联。出事时可以立即冻结。',
    en: 'It is linked: it can be frozen at once when something happens.',
  },
  why: {
    'zh-CN': '关联之后，出事时可以立即冻结账户，并直接勾选不是您操作的交易。',
    en: 'Once it is linked you can freeze it at once, and pick the trades that were not yours from a list.',
  },
  code: { 'zh-CN': '关联码', en: 'Link code' },
  hint: {
    'zh-CN': '登录交易所后，在安全设置中获取。',
    en: 'You get it at the exchange, signed in there, in its security settings.',
  },
  act: { 'zh-CN': '关联', en: 'Link it' },
  link_code_invalid: { 'zh-CN': '关联码不对或已过期。', en: 'The link code is wrong or has expired.' },
  account_linked: {
    'zh-CN': '这个账户已经关联到别人，或者您已关联另一个账户。',
    en: 'That account, or you, are linked already.',
  },
  exchange_unavailable: {
    'zh-CN': '现在联系不上交易所，请稍后再试。',
    en: 'The exchange cannot be reached right now. Try again shortly.',
  },
});

export function AccountLink(): ReactNode {
  const say = useTexts(TEXTS);
  const { accountId } = useMe();
  const act = useAct({
    link_code_invalid: say('link_code_invalid'),
    account_linked: say('account_linked'),
    exchange_unavailable: say('exchange_unavailable'),
  });
  const [linkCode, setLinkCode] = useState('');
  const link = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async (key) => {
      await call('linkAccount', { body: { linkCode: linkCode.trim() }, key });
      await readMe();
    });
  };
  return (
    <Section id="account" title={say('title')} why={accountId ? undefined : say('why')}>
      {accountId ? (
        <Notice kind="good">{say('linked')}</Notice>
      ) : (
        <form onSubmit={link}>
          <Field label={say('code')} hint={say('hint')} trouble={act.trouble}>
            {(ties) => (
              <input
                {...ties}
                autoComplete="off"
                spellCheck={false}
                required
                maxLength={64}
                value={linkCode}
                onChange={({ target }) => setLinkCode(target.value)}
              />
            )}
          </Field>
          <div className="actions">
            <Button type="submit" busy={act.busy}>
              {say('act')}
            </Button>
          </div>
        </form>
      )}
    </Section>
  );
}
