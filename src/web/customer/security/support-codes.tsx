import { type FormEvent, type ReactNode, useState } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Button, Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { Section } from './section.js';

const TEXTS = textsOf('support-codes', {
  title: { 'zh-CN': '客服识别码', en: 'Support code' },
  why: {
    'zh-CN': '打电话或聊天时，用来确认对方是谁。我们从不索要密码或动态验证码。',
    en: 'How you and our staff recognise each other on the telephone or in a chat. We never ask for a password or a code of your authenticator.',
  },
  youCall: { 'zh-CN': '您联系我们', en: 'You call us' },
  make: { 'zh-CN': '显示我的识别码', en: 'Show my code' },
  until: { 'zh-CN': '有效至 ', en: 'Good until ' },
  weCall: { 'zh-CN': '有人自称是我们的工作人员', en: 'Somebody calls in our name' },
  ask: {
    'zh-CN': '请对方报出八位识别码，在这里核对。',
    en: 'Have them read out eight digits, and check these here.',
  },
  code: { 'zh-CN': '对方的识别码', en: 'The code they read out' },
  check: { 'zh-CN': '核对', en: 'Check' },
  real: {
    'zh-CN': '是我们的工作人员，关于案件 {{number}}。',
    en: 'They are our staff, about case {{number}}.',
  },
  support_code_refused: {
    'zh-CN': '不是我们的人，或识别码已过期。请挂断，不要提供任何信息。',
    en: 'They are not our staff, or the code has expired. Hang up, and tell them nothing.',
  },
});

export function SupportCodes(): ReactNode {
  const say = useTexts(TEXTS);
  return (
    <Section id="support-code" title={say('title')} why={say('why')}>
      <OwnCode />
      <TheirCode />
    </Section>
  );
}

function OwnCode(): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const act = useAct();
  const [made, setMade] = useState<Reply<'makeOwnSupportCode'>>();
  const make = () => void act.run(async (key) => setMade(await call('makeOwnSupportCode', { key })));
  return (
    <>
      <h3>{say('youCall')}</h3>
      {made ? (
        <>
          <output className="spoken">{made.code.replace(/(\d{4})/, '$1 ')}</output>
          <p>
            {say('until')}
            <Time at={made.expiresAt} style="short" />
          </p>
          <p className="hint">{inWords(made.use)}</p>
        </>
      ) : null}
      {act.trouble ? <Notice kind="bad">{act.trouble}</Notice> : null}
      <Button busy={act.busy} onClick={make}>
        {say('make')}
      </Button>
    </>
  );
}

function TheirCode(): ReactNode {
  const say = useTexts(TEXTS);
  const act = useAct({ support_code_refused: say('support_code_refused') });
  const [code, setCode] = useState('');
  const [number, setNumber] = useState<string>();
  const check = (event: FormEvent) => {
    event.preventDefault();
    setNumber(undefined);
    void act.run(async (key) => {
      const { caseNumber } = await call('checkStaffSupportCode', { body: { code: code.replace(/\D/g, '') }, key });
      setNumber(caseNumber);
      setCode('');
    });
  };
  return (
    <form onSubmit={check}>
      <h3>{say('weCall')}</h3>
      <Field label={say('code')} hint={say('ask')} trouble={act.trouble}>
        {(ties) => (
          <input
            {...ties}
            inputMode="numeric"
            autoComplete="off"
            required
            maxLength={12}
            value={code}
            onChange={({ target }) => setCode(target.value)}
          />
        )}
      </Field>
      {number ? <Notice kind="good">{say('real', { number })}</Notice> : null}
      <div className="actions">
        <Button type="submit" busy={act.busy}>
          {say('check')}
        </Button>
      </div>
    </form>
  );
}
