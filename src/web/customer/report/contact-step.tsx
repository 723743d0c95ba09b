import type { ReactNode } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Field } from '../../ground/ui.js';
import type { Draft } from './draft.js';
import { faultsOf, offersHold } from './missing.js';

const TEXTS = textsOf('contact-step', {
  reach: { 'zh-CN': '怎样联系您', en: 'How we reach you' },
  reachHint: { 'zh-CN': '邮箱和电话至少填一个。', en: 'An e-mail address or a telephone number, at least one.' },
  email: { 'zh-CN': '邮箱', en: 'E-mail' },
  phone: { 'zh-CN': '电话', en: 'Telephone' },
  phoneHint: { 'zh-CN': '带国家区号，例如 +86 …', en: 'With the country code, such as +44 …' },
  emailTaken: { 'zh-CN': '别人可能也在看这个邮箱', en: 'Somebody else may be reading this mailbox' },
  phoneTaken: { 'zh-CN': '别人可能控制了这个号码', en: 'Somebody else may control this number' },
  taken: {
    'zh-CN': '勾选后，我们不会往那里发送链接，也不会用它核实身份。',
    en: 'What you tick gets no link from us and proves nobody’s identity.',
  },
  account: { 'zh-CN': '哪个交易所账户', en: 'Which account at the exchange' },
  accountHint: {
    'zh-CN': '填写账户编号（UID）或注册邮箱，我们才能请求暂停提现。',
    en: 'We need its number (UID) or its e-mail address to ask for a hold on withdrawals.',
  },
  uid: { 'zh-CN': '账户编号（UID）', en: 'Account number (UID)' },
  accountEmail: { 'zh-CN': '账户注册邮箱', en: 'E-mail address of the account' },
  hold: { 'zh-CN': '请求短时暂停提现', en: 'Ask for a short hold on withdrawals' },
  holdHint: {
    'zh-CN': '只暂停提现，持续几个小时，账户主人会收到通知并可以取消。无论账户是否存在，答复都一样。',
    en: 'Withdrawals only, for some hours; the owner is told and can cancel it. Our answer is the same whether the account exists or not.',
  },
  emailWrong: { 'zh-CN': '这不像一个邮箱地址。', en: 'This does not look like an e-mail address.' },
  phoneWrong: { 'zh-CN': '这不像一个电话号码。', en: 'This does not look like a telephone number.' },
  uidWrong: {
    'zh-CN': '账户编号只有字母、数字、点和横线。',
    en: 'An account number has letters, digits, dots and dashes only.',
  },
});

interface Props {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
}

/** For whoever is not signed in: how they are reached, and which account it is about. */
export function ContactStep({ draft, onChange }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const faults = faultsOf(draft, undefined);
  const { compromised } = draft;
  const mark = (name: string, on: boolean) =>
    onChange({ compromised: on ? [...compromised, name] : compromised.filter((each) => each !== name) });
  return (
    <>
      <fieldset>
        <legend>{say('reach')}</legend>
        <p className="hint">{say('reachHint')}</p>
        <Field label={say('email')} trouble={faults.has('email') ? say('emailWrong') : undefined}>
          {(ties) => (
            <input
              {...ties}
              type="email"
              autoComplete="email"
              maxLength={254}
              value={draft.email}
              onChange={({ target }) => onChange({ email: target.value })}
            />
          )}
        </Field>
        {draft.email ? (
          <Tick label={say('emailTaken')} on={compromised.includes('email')} onTick={(on) => mark('email', on)} />
        ) : null}
        <Field
          label={say('phone')}
          hint={say('phoneHint')}
          trouble={faults.has('phone') ? say('phoneWrong') : undefined}
        >
          {(ties) => (
            <input
              {...ties}
              type="tel"
              autoComplete="tel"
              maxLength={30}
              value={draft.phone}
              onChange={({ target }) => onChange({ phone: target.value })}
            />
          )}
        </Field>
        {draft.phone ? (
          <Tick label={say('phoneTaken')} on={compromised.includes('phone')} onTick={(on) => mark('phone', on)} />
        ) : null}
        {draft.email || draft.phone ? <p className="hint">{say('taken')}</p> : null}
      </fieldset>
      <fieldset>
        <legend>{say('account')}</legend>
        <p className="hint">{say('accountHint')}</p>
        <Field label={say('uid')} trouble={faults.has('uid') ? say('uidWrong') : undefined}>
          {(ties) => (
            <input
              {...ties}
              spellCheck={false}
              autoCapitalize="off"
              maxLength={64}
              value={draft.uid}
              onChange={({ target }) => onChange({ uid: target.value })}
            />
          )}
        </Field>
        <Field label={say('accountEmail')} trouble={faults.has('accountEmail') ? say('emailWrong') : undefined}>
          {(ties) => (
            <input
              {...ties}
              type="email"
              maxLength={254}
              value={draft.accountEmail}
              onChange={({ target }) => onChange({ accountEmail: target.value })}
            />
          )}
        </Field>
        {offersHold(draft, undefined) ? (
          <>
            <Tick label={say('hold')} on={draft.hold} onTick={(hold) => onChange({ hold })} />
            <p className="hint">{say('holdHint')}</p>
          </>
        ) : null}
      </fieldset>
    </>
  );
}

interface TickProps {
  readonly label: string;
  readonly on: boolean;
  readonly onTick: (on: boolean) => void;
}

export function Tick({ label, on, onTick }: TickProps): ReactNode {
  return (
    <label className="tick">
      <input type="checkbox" checked={on} onChange={({ target }) => onTick(target.checked)} />
      <span>{label}</span>
    </label>
  );
}
