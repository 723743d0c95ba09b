import { Button } from 'antd';
import type { ReactNode } from 'react';
import { textsOf, useLanguage, useSay, useTexts } from '../../ground/language.js';
import { formatDistance, Time } from '../../ground/time.js';
import type { StaffCase } from '../case-types.js';
import { useNames } from '../use-colleagues.js';
import { useNow } from '../use-now.js';
import { STEPS, useWords } from '../words.js';

const TEXTS = textsOf('desk-case-head', {
  urgent: { 'zh-CN': '紧急', en: 'urgent' },
  legalHold: { 'zh-CN': '法律保全', en: 'legal hold' },
  steps: { 'zh-CN': '流程', en: 'Steps' },
  done: { 'zh-CN': '（已完成）', en: '(done)' },
  current: { 'zh-CN': '（当前）', en: '(now)' },
  since: { 'zh-CN': '进入该状态', en: 'In this state since' },
  due: { 'zh-CN': '期限', en: 'Due' },
  overdue: { 'zh-CN': '已超时', en: 'overdue' },
  assignee: { 'zh-CN': '负责人', en: 'Assignee' },
  nobody: { 'zh-CN': '无人负责', en: 'nobody' },
  take: { 'zh-CN': '分配', en: 'Assign' },
  opened: { 'zh-CN': '立案', en: 'Opened' },
  happened: { 'zh-CN': '案发', en: 'Happened' },
  reporter: { 'zh-CN': '报告人', en: 'Reporter' },
  byCustomer: { 'zh-CN': '已登录的客户', en: 'the customer, signed in' },
  anonymous: { 'zh-CN': '未登录的报告人', en: 'somebody not signed in' },
  account: { 'zh-CN': '交易所账户', en: 'Account' },
  none: { 'zh-CN': '未关联', en: 'not linked' },
  language: { 'zh-CN': '报告语言', en: 'Language' },
  chinese: { 'zh-CN': '中文', en: 'Chinese' },
  english: { 'zh-CN': '英文', en: 'English' },
  outcome: { 'zh-CN': '结果', en: 'Outcome' },
  closed: { 'zh-CN': '结案时间', en: 'Closed' },
  holdReason: { 'zh-CN': '保全理由', en: 'Why it is held' },
  told: { 'zh-CN': '客户看到：{{words}}', en: 'The customer reads: {{words}}' },
  workflow: { 'zh-CN': '流程版本', en: 'Workflow' },
});

const AGE_MS = 10_000;

interface Props {
  readonly file: StaffCase;
  readonly onAssign: (() => void) | undefined;
}

export function CaseHead({ file, onAssign }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const word = useWords();
  const name = useNames();
  const language = useLanguage();
  const now = useNow(AGE_MS);
  const { state } = file;
  const overdue = state.due !== undefined && Date.parse(state.due) < now;
  const facts: readonly (readonly [label: keyof typeof TEXTS.texts, value: ReactNode])[] = [
    ['since', <Time key="since" at={state.since} style="short" />],
    ...(state.due
      ? [
          [
            'due',
            <span key="due" className={overdue ? 'overdue' : ''}>
              <Time at={state.due} style="short" /> {overdue ? say('overdue') : ''}{' '}
              {formatDistance(state.due, language, now)}
            </span>,
          ] as const,
        ]
      : []),
    [
      'assignee',
      <span key="assignee">
        {file.assignee ? name(file.assignee) : say('nobody')}{' '}
        {onAssign ? (
          <Button type="link" size="small" onClick={onAssign}>
            {say('take')}
          </Button>
        ) : null}
      </span>,
    ],
    ['opened', <Time key="opened" at={file.openedAt} style="short" />],
    ...(file.incidentAt ? [['happened', <Time key="happened" at={file.incidentAt} style="short" />] as const] : []),
    ['reporter', say(file.reporter === 'customer' ? 'byCustomer' : 'anonymous')],
    ['account', file.accountId ?? say('none')],
    ['language', say(file.language === 'en' ? 'english' : 'chinese')],
    ...(file.outcome ? [['outcome', word(file.outcome)] as const] : []),
    ...(file.closedAt ? [['closed', <Time key="closed" at={file.closedAt} style="short" />] as const] : []),
    ...(file.legalHoldReason ? [['holdReason', <bdi key="hold">{file.legalHoldReason}</bdi>] as const] : []),
    ['workflow', `${file.workflow.id} ${file.workflow.version}`],
  ];
  return (
    <header className="sheet case-head">
      <div className="case-title">
        <h1>{file.number}</h1>
        <span>{word(file.kind)}</span>
        <span className={`tag step-${state.step}`}>{inWords(state.title)}</span>
        {file.urgent ? <span className="tag bad">{say('urgent')}</span> : null}
        {file.legalHold ? <span className="tag warn">{say('legalHold')}</span> : null}
      </div>
      <Steps file={file} />
      <p className="next">{say('told', { words: inWords(state.next) })}</p>
      <dl className="facts across">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{say(label)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </header>
  );
}

function Steps({ file: { state } }: { readonly file: StaffCase }): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const at = STEPS.indexOf(state.step);
  return (
    <ol className="steps" aria-label={say('steps')}>
      {STEPS.map((step, index) => (
        <li
          key={step}
          className={index < at ? 'done' : index === at ? 'current' : ''}
          aria-current={index === at ? 'step' : undefined}
        >
          {word(step)}
          {index <= at ? <span className="visually-hidden">{say(index < at ? 'done' : 'current')}</span> : null}
        </li>
      ))}
    </ol>
  );
}
