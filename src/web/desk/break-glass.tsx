import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Skeleton } from 'antd';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { Link } from 'wouter';
import { call } from '../ground/client.js';
import { textsOf, useTexts } from '../ground/language.js';
import { ApiProblem, Cancelled } from '../ground/problem.js';
import { Time } from '../ground/time.js';
import { Field, Notice } from '../ground/ui.js';
import { ReasonField } from './acts/reason-field.js';
import { useActProblem } from './acts/use-act-problem.js';
import { Countdown } from './countdown.js';
import { useDraft } from './use-draft.js';

const TEXTS = textsOf('desk-break-glass', {
  title: { 'zh-CN': '紧急查看证据', en: 'Break glass' },
  what: {
    'zh-CN':
      '管理员平时不能看证据。紧急时可以打开一个案件的证据 30 分钟：需要重新验证并说明理由，案件的所有相关人员都会收到通知，每次查看都会被记录。',
    en: 'Admins do not see evidence. In an emergency one case can be opened for 30 minutes: re-verified, with a reason, everybody on the case is told, and every look is recorded.',
  },
  number: { 'zh-CN': '案件编号', en: 'Case number' },
  reason: { 'zh-CN': '理由', en: 'Reason' },
  reasonHint: { 'zh-CN': '请用完整的句子，至少 20 个字符。', en: 'In whole sentences, at least 20 characters.' },
  open: { 'zh-CN': '打开证据', en: 'Open the evidence' },
  opened: { 'zh-CN': '本次登录已打开的案件', en: 'What this session has open' },
  none: { 'zh-CN': '没有打开任何案件。', en: 'Nothing is open.' },
  since: { 'zh-CN': '打开于', en: 'opened' },
  left: { 'zh-CN': '剩余', en: 'left' },
  look: { 'zh-CN': '查看证据', en: 'Look at the evidence' },
  end: { 'zh-CN': '结束', en: 'End it' },
});

const SHORTEST = 20;
const LIVE_MS = 15_000;

/** The only way of an admin to evidence, in the open. */
export function BreakGlass(): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useActProblem();
  const client = useQueryClient();
  const [draft, change, forget] = useDraft(sessionStorage, 'break glass', { caseNumber: '', reason: '' });
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const sent = useRef({ key: '', body: '' });
  const { data, error } = useQuery({
    queryKey: ['listBreakGlass'],
    queryFn: () => call('listBreakGlass'),
    refetchInterval: LIVE_MS,
  });
  const run = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setTrouble('');
    try {
      await work();
      await client.invalidateQueries({ queryKey: ['listBreakGlass'] });
    } catch (failure) {
      if (!(failure instanceof Cancelled)) setTrouble(problemText(failure));
    } finally {
      setBusy(false);
    }
  };
  const open = (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const body = { caseNumber: draft.caseNumber.trim(), reason: draft.reason.trim() };
    const text = JSON.stringify(body);
    if (sent.current.body !== text) sent.current = { key: crypto.randomUUID(), body: text };
    void run(async () => {
      await call('openBreakGlass', { body, key: sent.current.key });
      forget();
    });
  };
  const end = (breakGlassId: string) =>
    run(() =>
      call('endBreakGlass', { params: { breakGlassId } }).catch((failure: unknown) => {
        // It ended by itself meanwhile.
        if (!(failure instanceof ApiProblem && failure.code === 'break_glass_not_found')) throw failure;
      }),
    );
  const isReady = draft.caseNumber.trim() !== '' && draft.reason.trim().length >= SHORTEST;
  return (
    <div className="break-glass">
      <h1>{say('title')}</h1>
      <section className="sheet" aria-labelledby="opened">
        <h2 id="opened">{say('opened')}</h2>
        {error ? <Notice kind="bad">{problemText(error)}</Notice> : null}
        {!data && !error ? <Skeleton active title={false} /> : null}
        {data?.open.length === 0 ? <p className="soft">{say('none')}</p> : null}
        <ul className="glasses">
          {data?.open.map(({ breakGlassId, caseId, caseNumber, openedAt, expiresAt }) => (
            <li key={breakGlassId}>
              <b>{caseNumber}</b>
              <span className="soft">
                {say('since')} <Time at={openedAt} style="short" />
              </span>
              <span className="tag warn">
                {say('left')} <Countdown until={expiresAt} />
              </span>
              <Link href={`/desk/break-glass/${caseId}`}>{say('look')}</Link>
              <Button onClick={() => void end(breakGlassId)}>{say('end')}</Button>
            </li>
          ))}
        </ul>
      </section>
      <form className="sheet" onSubmit={open}>
        <p>{say('what')}</p>
        <Field label={say('number')}>
          {({ id, ...ties }) => (
            <Input
              id={id}
              {...ties}
              autoComplete="off"
              maxLength={40}
              required
              value={draft.caseNumber}
              onChange={({ target }) => change({ caseNumber: target.value })}
            />
          )}
        </Field>
        <ReasonField
          label={say('reason')}
          hint={say('reasonHint')}
          value={draft.reason}
          onChange={(reason) => change({ reason })}
        />
        {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
        <div className="actions">
          <Button type="primary" danger htmlType="submit" loading={busy} disabled={!isReady}>
            {say('open')}
          </Button>
        </div>
      </form>
    </div>
  );
}
