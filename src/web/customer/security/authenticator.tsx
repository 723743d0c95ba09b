import { type FormEvent, type ReactNode, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { PasswordField } from '../../ground/password-field.js';
import { readMe, useMe } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { usePasswordTroubles } from './password-troubles.js';
import { Section } from './section.js';
import { ShownOnce } from './shown-once.js';

const TEXTS = textsOf('authenticator', {
  title: { 'zh-CN': '身份验证器', en: 'Authenticator' },
  why: {
    'zh-CN': '手机上的应用，每 30 秒显示一个新的六位验证码。',
    en: 'An app on your phone that shows six new digits every 30 seconds.',
  },
  since: { 'zh-CN': '已设置，自：', en: 'Set up since: ' },
  young: {
    'zh-CN': '刚设置不久，还不能用来证明您的身份。',
    en: 'Set up lately: it does not yet prove who you are.',
  },
  replace: { 'zh-CN': '更换身份验证器', en: 'Replace the authenticator' },
  password: { 'zh-CN': '请再输入一次密码', en: 'Your password again' },
  begin: { 'zh-CN': '设置身份验证器', en: 'Set up an authenticator' },
  scan: {
    'zh-CN': '用身份验证器应用扫描二维码，然后输入它显示的六位数字。',
    en: 'Scan the picture with your authenticator app, then enter the six digits it shows.',
  },
  qr: { 'zh-CN': '设置身份验证器的二维码', en: 'QR code that sets up your authenticator' },
  typeIn: { 'zh-CN': '无法扫描？请手动输入密钥：', en: 'Cannot scan it? Type in this key: ' },
  openApp: { 'zh-CN': '在本机的身份验证器中打开', en: 'Open in the authenticator on this device' },
  code: { 'zh-CN': '动态验证码', en: 'Code from your authenticator' },
  confirm: { 'zh-CN': '启用', en: 'Take it into use' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  done: { 'zh-CN': '身份验证器已启用。', en: 'The authenticator is in use.' },
  enrolment_not_open: { 'zh-CN': '这次设置已过期，请重新开始。', en: 'This set-up has expired. Begin again.' },
  younger_factor: {
    'zh-CN': '确认用的验证方式比要更换的更新，不能用它更换。请用旧的身份验证器或恢复码确认。',
    en: 'What you confirmed with is younger than what it would replace. Confirm with the present authenticator or a recovery code.',
  },
});

type Started = Reply<'enrolTotp'>;

/** Sets the authenticator up, or another in its place. */
export function Authenticator(): ReactNode {
  const say = useTexts(TEXTS);
  const { secondFactor, passkeys, password: hasPassword } = useMe();
  const own = { enrolment_not_open: say('enrolment_not_open'), younger_factor: say('younger_factor') };
  const act = useAct({ ...usePasswordTroubles(), ...own });
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [started, setStarted] = useState<Started>();
  const [codes, setCodes] = useState<readonly string[]>();
  const [done, setDone] = useState(false);
  const first = !secondFactor && passkeys.length === 0;

  const begin = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async (key) => {
      setStarted(
        first
          ? await call('enrolTotp', { body: hasPassword ? { password } : {}, key })
          : await call('replaceTotp', { key }),
      );
      setPassword('');
      setDone(false);
    });
  };
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    void act.run(async (key) => {
      const { recoveryCodes } = await call('confirmTotp', { body: { code: code.replace(/\s/g, '') }, key });
      setStarted(undefined);
      setCode('');
      setDone(true);
      if (recoveryCodes) setCodes(recoveryCodes);
      else await readMe();
    });
  };

  return (
    <Section id="second-factor" title={say('title')} why={say('why')}>
      {secondFactor ? (
        <p>
          {say('since')}
          <Time at={secondFactor.confirmedAt} />
        </p>
      ) : null}
      {secondFactor && !secondFactor.old ? <Notice>{say('young')}</Notice> : null}
      {done ? <Notice kind="good">{say('done')}</Notice> : null}
      {started ? (
        <form onSubmit={confirm}>
          <p>{say('scan')}</p>
          <img className="qr" src={started.qr} alt={say('qr')} />
          <p>
            <a href={started.uri}>{say('openApp')}</a>
          </p>
          <p className="hint">
            {say('typeIn')}
            <span className="secret">{started.secret.replace(/(.{4})/g, '$1 ').trim()}</span>
          </p>
          <Field label={say('code')} trouble={act.trouble}>
            {(ties) => (
              <input
                {...ties}
                className="code"
                inputMode="numeric"
                autoComplete="one-time-code"
                required
                maxLength={7}
                value={code}
                onChange={({ target }) => setCode(target.value)}
              />
            )}
          </Field>
          <div className="actions">
            <Button onClick={() => setStarted(undefined)}>{say('cancel')}</Button>
            <Button look="act" type="submit" busy={act.busy}>
              {say('confirm')}
            </Button>
          </div>
        </form>
      ) : (
        <form onSubmit={begin}>
          {first && hasPassword ? (
            <PasswordField label={say('password')} value={password} onChange={setPassword} trouble={act.trouble} />
          ) : act.trouble ? (
            <Notice kind="bad">{act.trouble}</Notice>
          ) : null}
          <div className="actions">
            <Button look={first ? 'act' : 'plain'} type="submit" busy={act.busy}>
              {say(secondFactor ? 'replace' : 'begin')}
            </Button>
          </div>
        </form>
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
