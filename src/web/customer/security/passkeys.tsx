import { startRegistration } from '@simplewebauthn/browser';
import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { passkeysWork } from '../../ground/passkey.js';
import { PasswordField } from '../../ground/password-field.js';
import { readMe, useMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { usePasswordTroubles } from './password-troubles.js';
import { Section } from './section.js';
import { ShownOnce } from './shown-once.js';

const TEXTS = textsOf('passkeys', {
  title: { 'zh-CN': '通行密钥', en: 'Passkeys' },
  why: {
    'zh-CN': '用指纹、面容或设备密码登录和确认。它只认真正的网址，假网站骗不走。',
    en: 'Sign in and confirm with a fingerprint, your face or the device’s own lock. It works on the real address only, so no false page can take it.',
  },
  added: { 'zh-CN': '添加于 ', en: 'Added ' },
  used: { 'zh-CN': '，最近使用 ', en: ', last used ' },
  backedUp: { 'zh-CN': '已同步到您的其他设备', en: 'Copied to your other devices' },
  remove: { 'zh-CN': '移除', en: 'Remove' },
  removeNamed: { 'zh-CN': '移除通行密钥“{{name}}”', en: 'Remove the passkey “{{name}}”' },
  name: { 'zh-CN': '给新通行密钥起个名字', en: 'A name for the new passkey' },
  nameHint: { 'zh-CN': '例如：我的手机', en: 'For example: my phone' },
  password: { 'zh-CN': '请再输入一次密码', en: 'Your password again' },
  add: { 'zh-CN': '添加通行密钥', en: 'Add a passkey' },
  unable: { 'zh-CN': '这个浏览器不支持通行密钥。', en: 'This browser has no passkeys.' },
  stopped: { 'zh-CN': '通行密钥没有完成，请再试一次。', en: 'The passkey did not finish. Try again.' },
  passkeys_unavailable: {
    'zh-CN': '这个网址不能使用通行密钥（需要域名和 https）。',
    en: 'Passkeys cannot be used at this address (they need a host name, and https).',
  },
  passkey_known: { 'zh-CN': '这个通行密钥已经添加过。', en: 'This passkey is set up already.' },
  too_many_passkeys: { 'zh-CN': '通行密钥太多，请先移除一个。', en: 'There are too many passkeys. Remove one first.' },
  last_second_factor: {
    'zh-CN': '这是最后一种第二验证方式，工作人员不能移除它。',
    en: 'This is the last second factor; staff cannot remove it.',
  },
  younger_factor: {
    'zh-CN': '确认用的验证方式比要移除的更新，不能用它移除。',
    en: 'What you confirmed with is younger than the passkey; confirm with an older factor.',
  },
});

const OWN = [
  'passkeys_unavailable',
  'passkey_known',
  'too_many_passkeys',
  'last_second_factor',
  'younger_factor',
] as const;

export function Passkeys(): ReactNode {
  const say = useTexts(TEXTS);
  const { passkeys, secondFactor, password: hasPassword } = useMe();
  const own = Object.fromEntries(OWN.map((code) => [code, say(code)]));
  const act = useAct({ ...usePasswordTroubles(), ...own });
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [codes, setCodes] = useState<readonly string[]>();
  const [stopped, setStopped] = useState(false);
  const first = !secondFactor && passkeys.length === 0;

  const add = (event: FormEvent) => {
    event.preventDefault();
    setStopped(false);
    void act.run(async (key) => {
      const credential = await create(first && hasPassword ? password : undefined);
      if (!credential) return setStopped(true);
      const { recoveryCodes } = await call('addPasskey', {
        body: { name: name.trim(), credential },
        key,
        reverify: !first,
      });
      setName('');
      setPassword('');
      if (recoveryCodes) setCodes(recoveryCodes);
      else await readMe();
    });
  };
  const remove = (passkeyId: string) =>
    void act.run(async () => {
      await call('removePasskey', { params: { passkeyId } });
      await readMe();
    });

  return (
    <Section id="passkeys" title={say('title')} why={say('why')}>
      <ul className="rows">
        {passkeys.map((passkey) => (
          <li key={passkey.id}>
            <span className="row-facts">
              <strong>{passkey.name}</strong>
              <small>
                {say('added')}
                <Time at={passkey.addedAt} style="date" />
                {passkey.usedAt ? say('used') : null}
                {passkey.usedAt ? <Time at={passkey.usedAt} style="short" /> : null}
              </small>
              {passkey.backedUp ? <small>{say('backedUp')}</small> : null}
            </span>
            <Button aria-label={say('removeNamed', { name: passkey.name })} onClick={() => remove(passkey.id)}>
              {say('remove')}
            </Button>
          </li>
        ))}
      </ul>
      {act.trouble ? <Notice kind="bad">{act.trouble}</Notice> : null}
      {stopped ? <Notice kind="bad">{say('stopped')}</Notice> : null}
      {passkeysWork() ? (
        <form onSubmit={add}>
          <Field label={say('name')} hint={say('nameHint')}>
            {(ties) => (
              <input {...ties} required maxLength={40} value={name} onChange={({ target }) => setName(target.value)} />
            )}
          </Field>
          {first && hasPassword ? (
            <PasswordField label={say('password')} value={password} onChange={setPassword} />
          ) : null}
          <div className="actions">
            <Button look="act" type="submit" busy={act.busy}>
              {say('add')}
            </Button>
          </div>
        </form>
      ) : (
        <Notice>{say('unable')}</Notice>
      )}
      {codes ? (
        <ShownOnce
          codes={codes}
          onKept={() => {
            setCodes(undefined);
            void readMe();
          }}
        />
      ) : null}
    </Section>
  );
}

/** Has the browser make a passkey; nothing when its owner closed the browser's dialog. */
async function create(password: string | undefined) {
  const { publicKey } = await call('offerPasskey', { body: password === undefined ? {} : { password } });
  type Options = Parameters<typeof startRegistration>[0]['optionsJSON'];
  try {
    const made = await startRegistration({ optionsJSON: publicKey as unknown as Options });
    const { clientDataJSON, attestationObject, transports } = made.response;
    return { id: made.id, clientDataJSON, attestationObject, ...(transports ? { transports } : {}) };
  } catch (error) {
    if (error instanceof Error && ['NotAllowedError', 'AbortError', 'InvalidStateError'].includes(error.name))
      return undefined;
    throw error;
  }
}
