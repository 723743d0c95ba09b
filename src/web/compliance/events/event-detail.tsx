import { useQuery } from '@tanstack/react-query';
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { fromBase64, textOf } from '../../../proof/index.js';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Waiting } from '../../ground/ui.js';
import { CopyText } from '../../staff/copy-text.js';
import { PersonName } from '../../staff/person-name.js';
import { useRoleName } from '../../staff/role-names.js';
import { Trouble } from '../../staff/trouble.js';
import { PersonalData } from './personal-data.js';

const TEXTS = textsOf('audit-event', {
  wait: { 'zh-CN': '正在读取事件……', en: 'Reading the event …' },
  gone: { 'zh-CN': '没有这个事件。', en: 'There is no such event.' },
  intact: { 'zh-CN': '完好：内容与哈希、承诺一致', en: 'Intact: what it says fits its hash and its commitments' },
  damaged: { 'zh-CN': '这条记录有问题', en: 'Something is wrong with this record' },
  what: { 'zh-CN': '发生了什么', en: 'What happened' },
  action: { 'zh-CN': '动作', en: 'Action' },
  at: { 'zh-CN': '时间', en: 'Time' },
  actor: { 'zh-CN': '操作人', en: 'Actor' },
  result: { 'zh-CN': '结果', en: 'Result' },
  done: { 'zh-CN': '已完成', en: 'done' },
  refused: { 'zh-CN': '被拒绝', en: 'refused' },
  target: { 'zh-CN': '对象', en: 'On' },
  caseId: { 'zh-CN': '案件', en: 'Case' },
  accountId: { 'zh-CN': '账户', en: 'Account' },
  requestId: { 'zh-CN': '请求', en: 'Request' },
  id: { 'zh-CN': '事件编号', en: 'Event id' },
  facts: { 'zh-CN': '细节', en: 'Particulars' },
  noFacts: { 'zh-CN': '没有其他细节。', en: 'None.' },
  bytes: { 'zh-CN': '规范字节', en: 'Canonical bytes' },
  bytesWhy: {
    'zh-CN': '写入日志的正是这些字节（RFC 8785）；叶哈希由它们算出。',
    en: 'These very bytes went into the log (RFC 8785); the leaf hash is theirs.',
  },
  leaf: { 'zh-CN': '叶哈希', en: 'Leaf hash' },
});

export type Opened = Reply<'showAuditEvent'>;

interface Props {
  readonly eventId: string;
  readonly acts?: (event: Opened) => ReactNode;
}

/** One event: what it says, the personal data that still opens it, and the bytes that were hashed. Read once: each reading is recorded. */
export function EventDetail({ eventId, acts }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const { data, error, refetch } = useQuery({
    queryKey: ['showAuditEvent', eventId],
    queryFn: () => call('showAuditEvent', { params: { eventId } }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnReconnect: false,
    refetchOnWindowFocus: false,
  });
  if (error) return <Trouble problem={error} own={{ event_not_found: say('gone') }} onAgain={() => void refetch()} />;
  if (!data) return <Waiting>{say('wait')}</Waiting>;
  const { event, faults, canonical, leafHash } = data;
  return (
    <article className="event-detail">
      {acts?.(data)}
      {faults.length === 0 ? (
        <Alert type="success" showIcon title={say('intact')} />
      ) : (
        <Alert type="error" showIcon title={say('damaged')} description={faults.join(', ')} />
      )}
      {event ? <WhatHappened event={event} id={data.id} /> : null}
      {event ? (
        <section>
          <h3>{say('facts')}</h3>
          <Facts facts={event.facts} none={say('noFacts')} />
        </section>
      ) : null}
      <PersonalData opened={data} />
      <section>
        <h3>{say('bytes')}</h3>
        <p className="soft small">{say('bytesWhy')}</p>
        <pre className="bytes">{textOf(fromBase64(canonical))}</pre>
        <dl className="record">
          <dt>{say('leaf')}</dt>
          <dd>
            <CopyText text={leafHash} of={say('leaf')} />
          </dd>
        </dl>
      </section>
    </article>
  );
}

type AuditEvent = NonNullable<Opened['event']>;

function WhatHappened({ event, id }: { readonly event: AuditEvent; readonly id: string }): ReactNode {
  const say = useTexts(TEXTS);
  const roleName = useRoleName();
  const { actor, target, caseId, accountId, requestId } = event;
  const rows: [keyof typeof TEXTS.texts, ReactNode][] = [
    ['action', <code key="action">{event.action}</code>],
    ['at', <Time key="at" at={event.at} />],
    [
      'actor',
      <span key="actor">
        <PersonName id={actor.id} /> {actor.roles.length > 0 ? `(${actor.roles.map(roleName).join(' · ')})` : ''}
      </span>,
    ],
    ['result', say(event.result)],
    ...(target ? [['target', <code key="target">{target.id}</code>] as [keyof typeof TEXTS.texts, ReactNode]] : []),
    ...(caseId ? [['caseId', <code key="case">{caseId}</code>] as [keyof typeof TEXTS.texts, ReactNode]] : []),
    ...(accountId
      ? [['accountId', <code key="account">{accountId}</code>] as [keyof typeof TEXTS.texts, ReactNode]]
      : []),
    ['requestId', <code key="request">{requestId}</code>],
    ['id', <code key="id">{id}</code>],
  ];
  return (
    <section>
      <h3>{say('what')}</h3>
      <dl className="record">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{say(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Facts({ facts, none }: { readonly facts: object; readonly none: string }): ReactNode {
  const rows = Object.entries(facts);
  if (rows.length === 0) return <p className="soft">{none}</p>;
  return (
    <dl className="record">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
