import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { useMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { usePasswordTroubles } from './password-troubles.js';
import { Section } from './section.js';

const TEXTS = textsOf('single-sign-on', {
  title: { 'zh-CN': '单点登录', en: 'Single sign-on' },
  why: {
    'zh-CN': '关联之后，可以通过它登录和确认。',
    en: 'Once it is linked, you can sign in and confirm through it.',
  },
  customer: { 'zh-CN': '交易所账户', en: 'Exchange account' },
  staff: { 'zh-CN': '员工账户', en: 'Staff account' },
  since: { 'zh-CN': '关联于 ', en: 'Linked ' },
  link: { 'zh-CN': '关联{{provider}}', en: 'Link: {{provider}}' },
  unlink: { 'zh-CN': '解除关联', en: 'Unlink' },
  password: { 'zh-CN': '请再输入一次密码', en: 'Your password again' },
  last_sign_in_method: {
    'zh-CN': '这是您唯一的登录方式，不能解除。',
    en: 'This is your only way to sign in; it cannot be unlinked.',
  },
  sso_unavailable: {
    'zh-CN': '现在联系不上对方，请稍后再试。',
    en: 'The provider cannot be reached right now. Try again shortly.',
  },
});

/** Nothing at all where no provider is configured. */
export function SingleSignOn(): ReactNode {
  const say = useTexts(TEXTS);
  const { secondFactor, passkeys, roles, password: hasPassword } = useMe();
  const act = useAct({
    ...usePasswordTroubles(),
    last_sign_in_method: say('last_sign_in_method'),
    sso_unavailable: say('sso_unavailable'),
  });
  const [password, setPassword] = useState('');
  const offered = useQuery({ queryKey: ['listSsoProviders'], queryFn: () => call('listSsoProviders') });
  const own = useQuery({ queryKey: ['listSsoLinks'], queryFn: () => call('listSsoLinks') });
  const strong = Boolean(secondFactor) || passkeys.length > 0;
  const mine = roles.includes('customer') ? 'customer' : 'staff';
  const providers = offered.data?.providers.filter((provider) => provider === mine) ?? [];
  const links = own.data?.links ?? [];
  if (providers.length === 0 && links.length === 0) return null;

  const link = (provider: (typeof providers)[number]) =>
    void act.run(async (key) => {
      const body = strong || !hasPassword ? {} : { password };
      const { url } = await call('startSsoLink', { params: { provider }, body, key, reverify: strong });
      location.assign(url);
    });
  const unlink = (linkId: string) =>
    void act.run(async () => {
      await call('unlinkSso', { params: { linkId }, reverify: strong });
      await own.refetch();
    });
  const open = providers.filter((provider) => !links.some((each) => each.provider === provider));
  return (
    <Section id="single-sign-on" title={say('title')} why={say('why')}>
      <ul className="rows">
        {links.map(({ id, provider, issuer, linkedAt }) => (
          <li key={id}>
            <span className="row-facts">
              <strong>{say(provider)}</strong>
              <small>{issuer}</small>
              <small>
                {say('since')}
                <Time at={linkedAt} style="date" />
              </small>
            </span>
            <Button busy={act.busy} onClick={() => unlink(id)}>
              {say('unlink')}
            </Button>
          </li>
        ))}
      </ul>
      {open.length > 0 && !strong && hasPassword ? (
        <PasswordField label={say('password')} value={password} onChange={setPassword} />
      ) : null}
      {act.trouble ? <Notice kind="bad">{act.trouble}</Notice> : null}
      <div className="actions">
        {open.map((provider) => (
          <Button key={provider} busy={act.busy} onClick={() => link(provider)}>
            {say('link', { provider: say(provider) })}
          </Button>
        ))}
      </div>
    </Section>
  );
}
