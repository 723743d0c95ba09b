import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { Time } from '../../ground/time.js';
import { Waiting } from '../../ground/ui.js';
import { Chip } from '../../staff/chip.js';
import { Scroller } from '../../staff/scroller.js';
import { Trouble } from '../../staff/trouble.js';

const TEXTS = textsOf('log-status', {
  title: { 'zh-CN': '日志现状', en: 'The log now' },
  wait: { 'zh-CN': '正在读取……', en: 'Reading …' },
  size: { 'zh-CN': '日志中的事件', en: 'Events in the log' },
  waiting: { 'zh-CN': '等待入列', en: 'Waiting for their place' },
  signed: { 'zh-CN': '最近一次签名', en: 'Last signed' },
  covers: { 'zh-CN': '包含 {{n}} 条事件', en: 'events in it: {{n}}' },
  behind: { 'zh-CN': '尚未签名', en: 'Not signed yet' },
  never: { 'zh-CN': '还没有签名', en: 'nothing yet' },
  outside: { 'zh-CN': '外面谁有它', en: 'Who outside has it' },
  caption: { 'zh-CN': '见证者与 SIEM 的进度', en: 'How far witnesses and the SIEM are' },
  who: { 'zh-CN': '谁', en: 'Who' },
  kind: { 'zh-CN': '种类', en: 'Kind' },
  witness: { 'zh-CN': '检查点', en: 'checkpoints' },
  stream: { 'zh-CN': '事件（SIEM）', en: 'events (SIEM)' },
  has: { 'zh-CN': '已有', en: 'Has' },
  lag: { 'zh-CN': '落后', en: 'Behind' },
  last: { 'zh-CN': '最近一次', en: 'Last time' },
  state: { 'zh-CN': '状况', en: 'State' },
  well: { 'zh-CN': '正常', en: 'well' },
  failing: { 'zh-CN': '{{n}} 次失败', en: '{{n}} tries failed' },
  refused: { 'zh-CN': '拒绝：{{why}}', en: 'refused: {{why}}' },
  nobody: {
    'zh-CN': '还没有配置见证者或 SIEM。没有外面的见证，就没有人能发现日志被整体替换。',
    en: 'No witness and no SIEM is configured. Without a witness outside, nobody could tell if the whole log was replaced.',
  },
});

const OFTEN_MS = 10_000;

/** How far the log is signed, and how far behind everybody outside is; looks again every few seconds. */
export function LogStatus(): ReactNode {
  const say = useTexts(TEXTS);
  const { data, error, refetch } = useQuery({
    queryKey: ['readAuditStatus'],
    queryFn: () => call('readAuditStatus'),
    refetchInterval: OFTEN_MS,
  });
  return (
    <section className="sheet" aria-label={say('title')}>
      <h2>{say('title')}</h2>
      {error ? <Trouble problem={error} onAgain={() => void refetch()} /> : null}
      {!data && !error ? <Waiting>{say('wait')}</Waiting> : null}
      {data ? (
        <>
          <dl className="figures-row">
            <Figure name={say('size')} value={data.size} />
            <Figure name={say('waiting')} value={data.waiting} />
            <Figure name={say('behind')} value={data.size - (data.checkpoint?.size ?? 0)} />
            <div>
              <dt>{say('signed')}</dt>
              <dd>
                {data.checkpoint ? (
                  <>
                    <Time at={data.checkpoint.at} />
                    <div className="soft small">{say('covers', { n: data.checkpoint.size })}</div>
                  </>
                ) : (
                  say('never')
                )}
              </dd>
            </div>
          </dl>
          <Outside status={data} />
        </>
      ) : null}
    </section>
  );
}

const Figure = ({ name, value }: { readonly name: string; readonly value: number }): ReactNode => (
  <div>
    <dt>{name}</dt>
    <dd className="figure">{value}</dd>
  </div>
);

function Outside({ status }: { readonly status: Reply<'readAuditStatus'> }): ReactNode {
  const say = useTexts(TEXTS);
  const rows = [
    ...status.witnesses.map(({ to, size, behind, at, failures, refused }) => ({
      to,
      kind: say('witness'),
      has: size,
      behind,
      at: at as string | null,
      failures,
      trouble: refused === null ? null : say('refused', { why: String(refused) }),
    })),
    ...status.streams.map(({ to, sent, behind, at, failures, trouble }) => ({
      to,
      kind: say('stream'),
      has: sent,
      behind,
      at: at as string | null,
      failures,
      trouble: trouble as string | null,
    })),
  ];
  if (rows.length === 0) return <p className="soft">{say('nobody')}</p>;
  return (
    <>
      <h3>{say('outside')}</h3>
      <Scroller label={say('caption')}>
        <table className="plain-table">
          <caption className="visually-hidden">{say('caption')}</caption>
          <thead>
            <tr>
              {(['who', 'kind', 'has', 'lag', 'last', 'state'] as const).map((name) => (
                <th key={name} scope="col">
                  {say(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ to, kind, has, behind, at, failures, trouble }) => (
              <tr key={`${kind} ${to}`}>
                <th scope="row">{to}</th>
                <td>{kind}</td>
                <td>{has}</td>
                <td>{behind > 0 ? <Chip kind="warn">{behind}</Chip> : behind}</td>
                <td>{at ? <Time at={at} /> : null}</td>
                <td>
                  {trouble ? <Chip kind="bad">{trouble}</Chip> : null}
                  {failures > 0 ? <Chip kind="warn">{say('failing', { n: failures })}</Chip> : null}
                  {!trouble && failures === 0 ? <Chip kind="good">{say('well')}</Chip> : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </>
  );
}
