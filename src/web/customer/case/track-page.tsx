import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { Link } from 'wouter';
import { call, type Reply } from '../../ground/client.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { useSession } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Notice, Waiting } from '../../ground/ui.js';
import { CopyButton } from '../copy-button.js';
import '../parts.css';
import './case.css';

const TEXTS = textsOf('track-page', {
  title: { 'zh-CN': '案件进展', en: 'Where your case stands' },
  wait: { 'zh-CN': '正在查询……', en: 'Looking it up …' },
  noSecret: {
    'zh-CN': '这个链接不完整。请从邮件或您保存的地方完整复制，再打开一次。',
    en: 'This link is incomplete. Copy all of it from the mail or from where you kept it, and open it again.',
  },
  gone: { 'zh-CN': '这个链接不再有效，或者从来没有有效过。', en: 'This link does not hold any more, or never did.' },
  again: { 'zh-CN': '再试一次', en: 'Try again' },
  number: { 'zh-CN': '案件编号', en: 'Case number' },

  opened: { 'zh-CN': '报告时间', en: 'Reported' },
  steps: { 'zh-CN': '案件的步骤', en: 'Steps of the case' },
  received: { 'zh-CN': '已收到', en: 'Received' },
  'in-progress': { 'zh-CN': '处理中', en: 'In progress' },
  closed: { 'zh-CN': '已结案', en: 'Closed' },
  less: {
    'zh-CN': '为了保护账户主人，这里只显示这么多。登录后可以看到冻结情况、消息和证据。',
    en: 'To protect whoever owns the account, this is all there is to see here. Signed in, the owner sees freezes, messages and evidence.',
  },
  signIn: { 'zh-CN': '登录', en: 'Sign in' },
  cases: { 'zh-CN': '我的案件', en: 'My cases' },
  report: { 'zh-CN': '补充或再次报告', en: 'Add to it by another report' },
  warn: {
    'zh-CN': '请不要把这个链接交给别人，也不要相信凭这个编号联系您的人。',
    en: 'Give this link to nobody, and trust nobody who approaches you with this number.',
  },
});

const STATUSES = ['received', 'in-progress', 'closed'] as const;
const LOOK_AGAIN_MS = 30_000;

/** Follows a case by its secret link. The secret stays behind `#`, where no server and no log sees it. */
export function TrackPage(): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const secret = useSecret();
  const { data, error, refetch } = useQuery({
    queryKey: ['trackCase', secret],
    queryFn: () => call('trackCase', { headers: { 'Tracking-Token': secret } }),
    enabled: secret !== '',
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <>
      <h1>{say('title')}</h1>
      {secret ? null : <Notice kind="bad">{say('noSecret')}</Notice>}
      {error && !data ? (
        <Notice kind="bad">
          {problemText(error, { tracking_refused: say('gone') })}{' '}
          <Button look="link" onClick={() => void refetch()}>
            {say('again')}
          </Button>
        </Notice>
      ) : null}
      {secret && !data && !error ? <Waiting>{say('wait')}</Waiting> : null}
      {data ? <Tracked found={data} /> : null}
    </>
  );
}

function Tracked({ found }: { readonly found: Reply<'trackCase'> }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  const session = useSession();
  const { number, status, title, next, openedAt } = found;
  const now = STATUSES.indexOf(status);
  return (
    <>
      <section className="sheet now">
        <p className="row number">
          <span className="visually-hidden">{say('number')}</span>
          <output className="case-number">{number}</output>
          <CopyButton text={number} what={say('number')} />
        </p>
        <h2>{inWords(title)}</h2>
        <p>{inWords(next)}</p>
        <p className="hint">
          {say('opened')} <Time at={openedAt} />
        </p>
      </section>
      <ol className="case-steps" aria-label={say('steps')}>
        {STATUSES.map((each, at) => (
          <li
            key={each}
            data-how={at < now || status === 'closed' ? 'done' : at === now ? 'now' : 'ahead'}
            aria-current={at === now ? 'step' : undefined}
          >
            <strong>{say(each)}</strong>
          </li>
        ))}
      </ol>
      <p>{say('less')}</p>
      <p className="row">
        <Link className="button act" href={'me' in session ? '/cases' : '/sign-in?next=/cases'}>
          {say('me' in session ? 'cases' : 'signIn')}
        </Link>
        <Link className="button plain" href="/report">
          {say('report')}
        </Link>
      </p>
      <Notice kind="warn">{say('warn')}</Notice>
    </>
  );
}

/** A link that is opened over this very page changes only what stands behind `#`. */
function useSecret(): string {
  const [secret, setSecret] = useState(() => location.hash.slice(1));
  useEffect(() => {
    const look = () => setSecret(location.hash.slice(1));
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, []);
  return secret;
}
