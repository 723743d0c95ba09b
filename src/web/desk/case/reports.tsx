import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Time } from '../../ground/time.js';
import { Notice } from '../../ground/ui.js';
import type { StaffCase } from '../case-types.js';
import { useWords } from '../words.js';

const TEXTS = textsOf('desk-reports', {
  title: { 'zh-CN': '报告', en: 'Reports' },
  recorded: { 'zh-CN': '阅读报告会被记录。', en: 'Reading them is recorded.' },
  customer: { 'zh-CN': '已登录的客户', en: 'The customer, signed in' },
  stranger: { 'zh-CN': '未登录的报告人', en: 'Somebody not signed in' },
  joined: { 'zh-CN': '并入已有案件', en: 'joined this case' },
  reverified: { 'zh-CN': '已用第二因素确认', en: 're-verified' },
  happened: { 'zh-CN': '发生时间', en: 'Happened' },
  noticed: { 'zh-CN': '发现时间', en: 'Noticed' },
  where: { 'zh-CN': '途径', en: 'Through' },
  losses: { 'zh-CN': '损失', en: 'Lost' },
  hashes: { 'zh-CN': '交易哈希', en: 'Transactions' },
  addresses: { 'zh-CN': '对方地址', en: 'Where it went' },
  trades: { 'zh-CN': '非本人交易', en: 'Trades not theirs' },
  withdrawals: { 'zh-CN': '非本人提现', en: 'Withdrawals not theirs' },
  signIns: { 'zh-CN': '非本人登录', en: 'Sign-ins not theirs' },
  activity: { 'zh-CN': '与交易所核对', en: 'Checked with the exchange' },
  contact: { 'zh-CN': '联系方式', en: 'How to reach them' },
  compromised: { 'zh-CN': '可能已落入他人手中', en: 'May be in other hands' },
  account: { 'zh-CN': '自称的账户（未经证实）', en: 'Account, as they say' },
  words: { 'zh-CN': '报告人原话', en: 'In their own words' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  verified: { 'zh-CN': '交易所有这些记录', en: 'the exchange knows it' },
  unverified: { 'zh-CN': '没能向交易所核对', en: 'the exchange could not be asked' },
  app: { 'zh-CN': '手机应用', en: 'the app' },
  web: { 'zh-CN': '网页', en: 'the web' },
  api: { 'zh-CN': 'API', en: 'the API' },
  phone: { 'zh-CN': '电话', en: 'telephone' },
  'e-mail': { 'zh-CN': '电子邮件', en: 'e-mail' },
  chat: { 'zh-CN': '聊天', en: 'chat' },
  'in-person': { 'zh-CN': '当面', en: 'in person' },
  other: { 'zh-CN': '其他', en: 'something else' },
});

type Report = Reply<'readReports'>['reports'][number];

/** What was reported, in the reporters' words; read once for each number of reports, because every reading is recorded. */
export function Reports({ file }: { readonly file: StaffCase }): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const { data, error, refetch } = useQuery({
    queryKey: ['readReports', file.caseId, file.reports],
    queryFn: () => call('readReports', { params: { caseId: file.caseId } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <section aria-labelledby="reports">
      <h2 id="reports">{say('title')}</h2>
      <p className="hint">{say('recorded')}</p>
      {error ? (
        <Notice kind="bad">
          {problemText(error)} <Button onClick={() => void refetch()}>{say('again')}</Button>
        </Notice>
      ) : null}
      {!data && !error ? <Skeleton active /> : null}
      {data?.reports.map((report) => (
        <OneReport key={report.reportId} report={report} />
      ))}
    </section>
  );
}

function OneReport({ report }: { readonly report: Report }): ReactNode {
  const say = useTexts(TEXTS);
  const word = useWords();
  const { notMine, contact, account, where } = report;
  const rows: readonly (readonly [keyof typeof TEXTS.texts, ReactNode])[] = [
    ['happened', report.occurredAt && <Time at={report.occurredAt} />],
    ['noticed', report.noticedAt && <Time at={report.noticedAt} />],
    ['where', where && [say(where.channel), where.detail].filter(Boolean).join(' · ')],
    ['losses', report.losses.map(({ asset, amount }) => `${amount} ${asset}`).join(' · ')],
    ['hashes', <Codes key="hashes" of={report.transactionHashes} />],
    ['addresses', <Codes key="addresses" of={report.counterpartyAddresses} />],
    ['trades', <Codes key="trades" of={notMine.trades} />],
    ['withdrawals', <Codes key="withdrawals" of={notMine.withdrawals} />],
    ['signIns', <Codes key="signIns" of={notMine.signIns} />],
    ['activity', report.activity === 'none-named' ? '' : say(report.activity)],
    ['contact', [contact.email, contact.phone].filter(Boolean).join(' · ')],
    ['compromised', report.compromised.join(' · ')],
    ['account', [account.uid, account.email].filter(Boolean).join(' · ')],
  ];
  const empty: Readonly<Record<string, boolean>> = {
    hashes: report.transactionHashes.length === 0,
    addresses: report.counterpartyAddresses.length === 0,
    trades: notMine.trades.length === 0,
    withdrawals: notMine.withdrawals.length === 0,
    signIns: notMine.signIns.length === 0,
  };
  return (
    <article className="card report">
      <h3>
        {word(report.kind)} · <Time at={report.receivedAt} style="short" />
      </h3>
      <p>
        <span className="tag info">{say(report.by)}</span>{' '}
        {report.reverified ? <span className="tag good">{say('reverified')}</span> : null}{' '}
        {report.joined ? <span className="tag">{say('joined')}</span> : null}
      </p>
      <blockquote className="own-words" aria-label={say('words')}>
        <bdi>{report.whatHappened}</bdi>
      </blockquote>
      <dl className="facts">
        {rows
          .filter(([label, value]) => value && !empty[label])
          .map(([label, value]) => (
            <div key={label}>
              <dt>{say(label)}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
      </dl>
    </article>
  );
}

function Codes({ of }: { readonly of: readonly string[] }): ReactNode {
  return (
    <>
      {of.map((code) => (
        <code key={code}>{code}</code>
      ))}
    </>
  );
}
