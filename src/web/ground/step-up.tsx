import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { type ActToConfirm, call, hooks, type Reply } from './client.js';
import { textsOf, useSay, useTexts } from './language.js';
import { passkeysWork, signWithPasskey } from './passkey.js';
import { ApiProblem, Cancelled } from './problem.js';
import { useProblemText } from './problem-texts.js';
import { answerThroughProvider } from './step-up-sso.js';
import { Button, Dialog, Field, Notice, Waiting } from './ui.js';

const TEXTS = textsOf('step-up', {
  title: { 'zh-CN': '请确认是您本人', en: 'Confirm that it is you' },
  confirming: { 'zh-CN': '您正在确认：', en: 'You are confirming:' },
  once: {
    'zh-CN': '只对这一次操作有效，五分钟后失效。没有人会打电话向您要验证码。',
    en: 'It holds for this one act, for five minutes. Nobody will ever ask you for a code on the telephone.',
  },
  code: { 'zh-CN': '动态验证码', en: 'Code from your authenticator' },
  codeHint: { 'zh-CN': '身份验证器上的六位数字', en: 'Six digits of your authenticator app' },
  recoveryCode: { 'zh-CN': '恢复码', en: 'Recovery code' },
  recoveryHint: { 'zh-CN': '每个恢复码只能使用一次。', en: 'Each recovery code works once.' },
  confirm: { 'zh-CN': '确认', en: 'Confirm' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  passkey: { 'zh-CN': '使用通行密钥确认', en: 'Confirm with a passkey' },
  useCode: { 'zh-CN': '改用动态验证码', en: 'Use a code instead' },
  useRecovery: { 'zh-CN': '改用恢复码', en: 'Use a recovery code instead' },
  useSso: { 'zh-CN': '通过单点登录确认', en: 'Confirm through single sign-on' },
  wait: { 'zh-CN': '正在准备……', en: 'Getting ready …' },
  passkeyStopped: { 'zh-CN': '通行密钥没有完成，请再试一次。', en: 'The passkey did not finish. Try again.' },
  noFactor: {
    'zh-CN': '您还没有第二验证方式。请先在“安全”页面设置身份验证器或通行密钥。',
    en: 'You have no second factor yet. Set up an authenticator or a passkey on the security page first.',
  },
});

interface Asked {
  readonly act: ActToConfirm;
  readonly resolve: (token: string) => void;
  readonly reject: (error: unknown) => void;
}

/** The one dialog that re-verifies, for whatever act the client is about to send. */
export function StepUp(): ReactNode {
  const [asked, setAsked] = useState<Asked>();
  useEffect(() => {
    hooks.reverify = (act) => new Promise((resolve, reject) => setAsked({ act, resolve, reject }));
  }, []);
  if (!asked) return null;
  const close = (how: () => void) => {
    setAsked(undefined);
    how();
  };
  return (
    <StepUpDialog
      act={asked.act}
      onToken={(token) => close(() => asked.resolve(token))}
      onFail={(error) => close(() => asked.reject(error))}
    />
  );
}

type Challenge = Reply<'askReverification'>;
type Method = Challenge['methods'][number];

interface DialogProps {
  readonly act: ActToConfirm;
  readonly onToken: (token: string) => void;
  readonly onFail: (error: unknown) => void;
}

function StepUpDialog({ act, onToken, onFail }: DialogProps): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const problemText = useProblemText();
  const [challenge, setChallenge] = useState<Challenge>();
  const [method, setMethod] = useState<Method>();
  const [typed, setTyped] = useState('');
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const failed = useRef(onFail);

  useEffect(() => {
    let current = true;
    call('askReverification', { body: act }).then(
      (answer) => {
        if (!current) return;
        setChallenge(answer);
        setMethod(firstOf(answer.methods));
      },
      (error) => {
        if (current) failed.current(error);
      },
    );
    return () => {
      current = false;
    };
  }, [act]);

  const answer = async (how: () => Promise<{ token: string }>) => {
    setBusy(true);
    setTrouble('');
    try {
      onToken((await how()).token);
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'step_up_required') return onFail(error);
      setTrouble(error instanceof DOMException ? say('passkeyStopped') : problemText(error));
      setTyped('');
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || !challenge) return;
    const params = { reverificationId: challenge.reverificationId };
    const code = typed.replace(/[\s-]/g, '');
    void answer(() =>
      method === 'totp'
        ? call('answerReverification', { params, body: { code } })
        : call('answerReverificationByRecoveryCode', { params, body: { recoveryCode: typed.trim() } }),
    );
  };
  const passkey = () => {
    if (!challenge?.passkey) return;
    const asked = challenge.passkey;
    const params = { reverificationId: challenge.reverificationId };
    void answer(async () =>
      call('answerReverificationByPasskey', { params, body: { credential: await signWithPasskey(asked) } }),
    );
  };

  const others = challenge?.methods.filter((other) => other !== method) ?? [];
  return (
    <Dialog title={say('title')} onClose={() => onFail(new Cancelled())}>
      {challenge ? (
        <>
          <p>{say('confirming')}</p>
          <p className="confirming">{inWords(challenge.confirms)}</p>
          {method ? null : <Notice kind="warn">{say('noFactor')}</Notice>}
          <form onSubmit={submit}>
            {method === 'totp' ? (
              <Field label={say('code')} hint={say('codeHint')} trouble={trouble}>
                {(ties) => (
                  <input
                    {...ties}
                    key="totp"
                    autoFocus
                    className="code"
                    inputMode="numeric"
                    autoComplete="one-time-code"
                    maxLength={7}
                    required
                    value={typed}
                    onChange={({ target }) => setTyped(target.value)}
                  />
                )}
              </Field>
            ) : null}
            {method === 'recovery-code' ? (
              <Field label={say('recoveryCode')} hint={say('recoveryHint')} trouble={trouble}>
                {(ties) => (
                  <input
                    {...ties}
                    key="recovery"
                    autoComplete="off"
                    spellCheck={false}
                    required
                    value={typed}
                    onChange={({ target }) => setTyped(target.value)}
                  />
                )}
              </Field>
            ) : null}
            {method === 'passkey' && trouble ? <Notice kind="bad">{trouble}</Notice> : null}
            <p className="hint">{say('once')}</p>
            <div className="actions">
              <Button onClick={() => onFail(new Cancelled())}>{say('cancel')}</Button>
              {method === 'passkey' ? (
                <Button look="act" busy={busy} onClick={passkey} autoFocus>
                  {say('passkey')}
                </Button>
              ) : method ? (
                <Button look="act" type="submit" busy={busy}>
                  {say('confirm')}
                </Button>
              ) : null}
            </div>
          </form>
          <div className="others">
            {others.includes('passkey') && passkeysWork() ? (
              <Button look="link" onClick={() => setMethod('passkey')}>
                {say('passkey')}
              </Button>
            ) : null}
            {others.includes('totp') ? (
              <Button look="link" onClick={() => setMethod('totp')}>
                {say('useCode')}
              </Button>
            ) : null}
            {others.includes('recovery-code') ? (
              <Button look="link" onClick={() => setMethod('recovery-code')}>
                {say('useRecovery')}
              </Button>
            ) : null}
            {challenge.methods.includes('sso') ? (
              <Button look="link" onClick={() => void answer(() => answerThroughProvider(challenge.reverificationId))}>
                {say('useSso')}
              </Button>
            ) : null}
          </div>
        </>
      ) : (
        <Waiting>{say('wait')}</Waiting>
      )}
    </Dialog>
  );
}

/** A passkey cannot be phished; a recovery code is for the day when nothing else is at hand. */
function firstOf(methods: readonly Method[]): Method | undefined {
  const usable: Method[] = passkeysWork() ? ['passkey', 'totp', 'recovery-code'] : ['totp', 'recovery-code'];
  return usable.find((method) => methods.includes(method));
}
