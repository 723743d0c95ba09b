import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import type { Me } from '../../ground/session.js';
import { formatTime } from '../../ground/time.js';
import { Button, Notice } from '../../ground/ui.js';
import { KIND_TEXTS } from '../kinds.js';
import { Tick } from './contact-step.js';
import type { Draft, Step } from './draft.js';
import { missingIn, offersFreeze, offersHold } from './missing.js';
import { listOf, lossesOf } from './report-body.js';

const TEXTS = textsOf('check-step', {
  needed: { 'zh-CN': '发送之前还需要：', en: 'Before it can be sent:' },
  wanted: { 'zh-CN': '补上这些会更快（也可以先发送）：', en: 'These would help (you can send it without):' },
  ready: { 'zh-CN': '内容完整，可以发送。', en: 'It is complete. You can send it.' },
  edit: { 'zh-CN': '修改', en: 'Change' },
  kind: { 'zh-CN': '选择发生了哪一类情况', en: 'Choose what kind it is' },
  whatHappened: { 'zh-CN': '写一下发生了什么', en: 'Write what happened' },
  contact: { 'zh-CN': '留下邮箱或电话', en: 'Leave an e-mail address or a telephone number' },
  email: { 'zh-CN': '改正联系邮箱', en: 'Correct the e-mail address' },
  phone: { 'zh-CN': '改正电话号码', en: 'Correct the telephone number' },
  uid: { 'zh-CN': '改正账户编号', en: 'Correct the account number' },
  accountEmail: { 'zh-CN': '改正账户注册邮箱', en: 'Correct the e-mail address of the account' },
  losses: { 'zh-CN': '改正币种和数量', en: 'Correct assets and amounts' },
  hashes: { 'zh-CN': '改正交易哈希', en: 'Correct the transaction hashes' },
  addresses: { 'zh-CN': '改正地址', en: 'Correct the addresses' },
  future: { 'zh-CN': '改正时间：它还没有到', en: 'Correct the time: it is still to come' },
  which: { 'zh-CN': '哪些操作或损失不是您的', en: 'Which activity or loss it is about' },
  when: { 'zh-CN': '大约什么时候发生', en: 'Roughly when it happened' },
  evidence: { 'zh-CN': '截图或其他证据', en: 'Screenshots or other evidence' },
  account: {
    'zh-CN': '账户编号或注册邮箱（否则无法请求暂停提现）',
    en: 'The account number or its address (without it no hold can be asked for)',
  },
  sumKind: { 'zh-CN': '类型', en: 'Kind' },
  sumWhich: { 'zh-CN': '不是我操作的', en: 'Not mine' },
  sumStory: { 'zh-CN': '经过', en: 'What happened' },
  sumWhen: { 'zh-CN': '时间', en: 'When' },
  sumEvidence: { 'zh-CN': '证据', en: 'Evidence' },
  sumContact: { 'zh-CN': '联系方式', en: 'Contact' },
  activities: { 'zh-CN': '{{count}} 项活动', en: '{{count}} of the recent activity' },
  files: { 'zh-CN': '{{count}} 个文件', en: 'Files: {{count}}' },
  nothing: { 'zh-CN': '—', en: '–' },
  freeze: { 'zh-CN': '发送时立即冻结我的账户', en: 'Freeze my account with it' },
  freezeHint: {
    'zh-CN': '需要用验证器或通行密钥确认一次。冻结很快，解冻需要核实身份。',
    en: 'You confirm once with your authenticator or passkey. Freezing is quick; releasing takes proof of who you are.',
  },
  hold: { 'zh-CN': '请求短时暂停提现', en: 'Ask for a short hold on withdrawals' },
  holdHint: {
    'zh-CN': '设置身份验证器或通行密钥后，您可以自己冻结整个账户。',
    en: 'With an authenticator or a passkey you could freeze the whole account yourself.',
  },
  toSecurity: { 'zh-CN': '前往“安全”', en: 'Go to Security' },
  taken: {
    'zh-CN': '别人可能在看我的邮箱或控制了我的号码',
    en: 'Somebody may be reading my mail or control my number',
  },
  takenHint: {
    'zh-CN': '勾选后，我们不会往那里发送链接，也不会用它核实身份。',
    en: 'What you tick gets no link from us and proves nobody’s identity.',
  },
});

interface Props {
  readonly draft: Draft;
  readonly files: number;
  readonly me: Me | undefined;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly onStep: (step: Step) => void;
}

/** What will be sent, what it lacks, and what happens to the account with it. */
export function CheckStep({ draft, files, me, onChange, onStep }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const missing = missingIn(draft, files, me);
  const needed = missing.filter((each) => each.needed);
  const wanted = missing.filter((each) => !each.needed);
  const list = (some: typeof missing) => (
    <ul className="gaps">
      {some.map(({ what, step }) => (
        <li key={what}>
          <Button look="link" onClick={() => onStep(step)}>
            {say(what)}
          </Button>
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {needed.length > 0 ? (
        <Notice kind="warn">
          <p>{say('needed')}</p>
          {list(needed)}
        </Notice>
      ) : null}
      {wanted.length > 0 ? (
        <Notice>
          <p>{say('wanted')}</p>
          {list(wanted)}
        </Notice>
      ) : null}
      {missing.length === 0 ? <Notice kind="good">{say('ready')}</Notice> : null}
      <Summary draft={draft} files={files} me={me} onStep={onStep} />
      {offersFreeze(draft, me) ? (
        <div className="choice-box">
          <Tick label={say('freeze')} on={draft.freeze} onTick={(freeze) => onChange({ freeze })} />
          <p className="hint">{say('freezeHint')}</p>
        </div>
      ) : null}
      {me && offersHold(draft, me) ? (
        <div className="choice-box">
          <Tick label={say('hold')} on={draft.hold} onTick={(hold) => onChange({ hold })} />
          <p className="hint">
            {say('holdHint')} <Link href="/security">{say('toSecurity')}</Link>
          </p>
        </div>
      ) : null}
      {me ? <Compromised draft={draft} me={me} onChange={onChange} /> : null}
    </>
  );
}

function Summary({ draft, files, me, onStep }: Omit<Props, 'onChange'>): ReactNode {
  const say = useTexts(TEXTS);
  const kindText = useTexts(KIND_TEXTS);
  const language = useLanguage();
  const { kind, notMine, occurredAt, email, phone } = draft;
  const activities = me ? Object.values(notMine).flat().length : 0;
  const which = [
    activities > 0 ? say('activities', { count: activities }) : '',
    ...lossesOf(draft).map(({ asset, amount }) => `${amount} ${asset}`),
    ...listOf(draft.addresses),
    ...listOf(draft.hashes),
  ].filter(Boolean);
  const rows: readonly (readonly [string, string, Step])[] = [
    [say('sumKind'), kind ? kindText(kind) : '', 'kind'],
    [say('sumWhich'), which.join(' · '), 'which'],
    [say('sumStory'), draft.whatHappened, 'story'],
    [say('sumWhen'), occurredAt ? formatTime(new Date(occurredAt).toISOString(), language, 'short') : '', 'story'],
    [say('sumEvidence'), files > 0 ? say('files', { count: files }) : '', 'evidence'],
    ...(me ? [] : [[say('sumContact'), [email, phone].filter(Boolean).join(' · '), 'contact'] as const]),
  ];
  return (
    <dl className="summary">
      {rows.map(([name, value, step]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <bdi>{value || say('nothing')}</bdi>
          </dd>
          <dd>
            <Button look="link" onClick={() => onStep(step)}>
              {say('edit')}
              <span className="visually-hidden"> {name}</span>
            </Button>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Compromised({
  draft,
  me,
  onChange,
}: {
  readonly draft: Draft;
  readonly me: Me;
  readonly onChange: Props['onChange'];
}): ReactNode {
  const say = useTexts(TEXTS);
  const { compromised } = draft;
  const points = me.contactPoints.filter(({ trust }) => trust === 'normal');
  if (points.length === 0) return null;
  return (
    <details>
      <summary>{say('taken')}</summary>
      {points.map(({ id, value }) => (
        <Tick
          key={id}
          label={value}
          on={compromised.includes(id)}
          onTick={(on) =>
            onChange({ compromised: on ? [...compromised, id] : compromised.filter((each) => each !== id) })
          }
        />
      ))}
      <p className="hint">{say('takenHint')}</p>
    </details>
  );
}
