import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { call, type Reply } from './client.js';
import { textsOf, useTexts } from './language.js';
import { passkeysWork, signWithPasskey } from './passkey.js';
import { useProblemText } from './problem-texts.js';
import { SecondFactor } from './second-factor.js';
import { takeSession } from './session.js';
import { Button, Field, Notice } from './ui.js';

const TEXTS = textsOf('sign-in', {
  email: { 'zh-CN': '邮箱', en: 'E-mail' },
  password: { 'zh-CN': '密码', en: 'Password' },
  signIn: { 'zh-CN': '登录', en: 'Sign in' },
  passkey: { 'zh-CN': '使用通行密钥登录', en: 'Sign in with a passkey' },
  passkeyStopped: {
    'zh-CN': '通行密钥没有完成，请再试一次，或使用密码。',
    en: 'The passkey did not finish. Try again, or use your password.',
  },
  customer: { 'zh-CN': '通过交易所账户登录', en: 'Sign in with your exchange account' },
  staff: { 'zh-CN': '员工单点登录', en: 'Staff single sign-on' },
});

interface Props {
  /** Once somebody is signed in as far as they can be. */
  readonly onDone?: () => void;
  /** Where nobody but this person is expected. */
  readonly email?: string;
}

/** Signs in by password and second factor, by a passkey alone, or through a provider. */
export function SignIn({ onDone, email: known = '' }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [second, setSecond] = useState<{ readonly ticket: string; readonly methods: readonly string[] }>();
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const [providers, setProviders] = useState<Reply<'listSsoProviders'>['providers']>([]);

  useEffect(() => {
    call('listSsoProviders').then(
      ({ providers: some }) => setProviders(some),
      () => undefined,
    );
  }, []);

  const take = async (how: () => Promise<Reply<'signIn'>>) => {
    setBusy(true);
    setTrouble('');
    try {
      const reply = await how();
      if (await takeSession(reply)) return onDone?.();
      setSecond({ ticket: reply.ticket ?? '', methods: reply.methods ?? [] });
    } catch (error) {
      setTrouble(error instanceof DOMException ? say('passkeyStopped') : problemText(error));
    } finally {
      setBusy(false);
    }
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) void take(() => call('signIn', { body: { email: email.trim(), password } }));
  };
  const passkey = () =>
    void take(async () => {
      const { publicKey } = await call('offerPasskeySignIn');
      return call('signInWithPasskey', { body: { credential: await signWithPasskey(publicKey) } });
    });
  const throughProvider = async (provider: (typeof providers)[number]) => {
    try {
      const { url } = await call('startSsoSignIn', { params: { provider }, body: {} });
      location.assign(url);
    } catch (error) {
      setTrouble(problemText(error));
    }
  };

  if (second)
    return <SecondFactor {...second} {...(onDone ? { onDone } : {})} onRestart={() => setSecond(undefined)} />;
  return (
    <form onSubmit={submit} className="sign-in">
      <Field label={say('email')}>
        {(ties) => (
          <input
            {...ties}
            type="email"
            autoComplete="username"
            required
            readOnly={known !== ''}
            value={email}
            onChange={({ target }) => setEmail(target.value)}
          />
        )}
      </Field>
      <Field label={say('password')}>
        {(ties) => (
          <input
            {...ties}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={({ target }) => setPassword(target.value)}
          />
        )}
      </Field>
      {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
      <div className="actions">
        {passkeysWork() ? <Button onClick={passkey}>{say('passkey')}</Button> : null}
        <Button look="act" type="submit" busy={busy}>
          {say('signIn')}
        </Button>
      </div>
      {providers.map((provider) => (
        <Button key={provider} look="link" onClick={() => void throughProvider(provider)}>
          {say(provider)}
        </Button>
      ))}
    </form>
  );
}
