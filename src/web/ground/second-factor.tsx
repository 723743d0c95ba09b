import { type FormEvent, type ReactNode, useState } from 'react';
import { call } from './client.js';
import { textsOf, useTexts } from './language.js';
import { takeSession } from './session.js';
import { Button, Field } from './ui.js';
import { useAct } from './use-act.js';

const TEXTS = textsOf('second-factor', {
  code: { 'zh-CN': '动态验证码', en: 'Code from your authenticator' },
  codeHint: { 'zh-CN': '身份验证器上的六位数字', en: 'Six digits of your authenticator app' },
  recoveryCode: { 'zh-CN': '恢复码', en: 'Recovery code' },
  recoveryHint: { 'zh-CN': '每个恢复码只能使用一次。', en: 'Each recovery code works once.' },
  useRecovery: { 'zh-CN': '身份验证器不在身边？使用恢复码', en: 'Authenticator not at hand? Use a recovery code' },
  useCode: { 'zh-CN': '改用动态验证码', en: 'Use a code instead' },
  restart: { 'zh-CN': '从头开始', en: 'Start again' },
  signIn: { 'zh-CN': '登录', en: 'Sign in' },
});

interface Props {
  /** From the first step. */
  readonly ticket: string;
  readonly methods: readonly string[];
  readonly onDone?: () => void;
  readonly onRestart: () => void;
}

/** The second step of a sign-in. */
export function SecondFactor({ ticket, methods, onDone, onRestart }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const { busy, trouble, run } = useAct();
  const [typed, setTyped] = useState('');
  const [byCode, setByCode] = useState(methods.includes('totp'));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const code = typed.replace(/[\s-]/g, '');
    void run(async (key) => {
      const reply = byCode
        ? await call('passSecondFactor', { body: { ticket, code }, key })
        : await call('passRecoveryCode', { body: { ticket, recoveryCode: typed.trim() }, key });
      if (await takeSession(reply)) onDone?.();
    });
  };
  return (
    <form onSubmit={submit} className="sign-in">
      <Field
        label={say(byCode ? 'code' : 'recoveryCode')}
        hint={say(byCode ? 'codeHint' : 'recoveryHint')}
        trouble={trouble}
      >
        {(ties) => (
          <input
            {...ties}
            key={String(byCode)}
            ref={focusFirst}
            className={byCode ? 'code' : ''}
            inputMode={byCode ? 'numeric' : 'text'}
            autoComplete={byCode ? 'one-time-code' : 'off'}
            spellCheck={false}
            required
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        )}
      </Field>
      <div className="actions">
        <Button onClick={onRestart}>{say('restart')}</Button>
        <Button look="act" type="submit" busy={busy}>
          {say('signIn')}
        </Button>
      </div>
      {methods.includes('totp') && methods.includes('recovery-code') ? (
        <Button
          look="link"
          onClick={() => {
            setByCode(!byCode);
            setTyped('');
          }}
        >
          {say(byCode ? 'useRecovery' : 'useCode')}
        </Button>
      ) : null}
    </form>
  );
}

/** Stable, so that the field is focused when it comes and not at each stroke. */
const focusFirst = (input: HTMLInputElement | null): void => input?.focus();
