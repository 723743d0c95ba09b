import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { Reply } from '../../ground/client.js';
import { textsOf, useSay, useTexts } from '../../ground/language.js';
import type { Me } from '../../ground/session.js';
import { Time } from '../../ground/time.js';
import { Button, Notice } from '../../ground/ui.js';
import { Freezes } from '../case/freezes.js';
import { useCase } from '../case/use-case.js';
import { CopyButton } from '../copy-button.js';
import { Uploads } from '../evidence/uploads.js';
import type { Kind } from '../kinds.js';
import { saveFile } from '../save-file.js';
import { Meanwhile } from './meanwhile.js';

const TEXTS = textsOf('sent', {
  title: { 'zh-CN': '我们已收到您的报告', en: 'We have your report' },
  joined: {
    'zh-CN': '这与您之前报告的是同一件事，已并入原来的案件。',
    en: 'It is about something you reported before, and joined that case.',
  },
  number: { 'zh-CN': '案件编号', en: 'Case number' },
  numberWhy: {
    'zh-CN': '联系我们时请提供这个编号，它不是密码。',
    en: 'Quote it when you talk to us. It is no secret.',
  },
  link: { 'zh-CN': '追踪链接', en: 'Tracking link' },
  linkWhy: {
    'zh-CN': '只显示这一次，请马上复制或保存。拿到链接的人都能看到案件进展。',
    en: 'It is shown this once: copy or save it now. Whoever has it can see where the case stands.',
  },
  save: { 'zh-CN': '保存为文件', en: 'Save as a file' },
  kept: { 'zh-CN': '已复制或保存。', en: 'Copied or saved.' },
  file: {
    'zh-CN': '案件编号：{{number}}\n追踪链接：{{link}}\n',
    en: 'Case number: {{number}}\nTracking link: {{link}}\n',
  },
  freeze: { 'zh-CN': '您的账户', en: 'Your account' },
  holdAsked: {
    'zh-CN': '已请求交易所短时暂停提现。是否存在这个账户、是否已经暂停，我们只会通知账户主人。',
    en: 'A short hold on withdrawals was asked for. Whether there is such an account, and whether it is on hold, only its owner is told.',
  },
  none: {
    'zh-CN': '目前没有请求冻结。安全人员会阅读报告并决定。',
    en: 'No freeze was asked for. A security officer reads the report and decides.',
  },
  files: { 'zh-CN': '证据', en: 'Evidence' },
  filesWhy: {
    'zh-CN': '报告已经送达。请保持本页打开，直到文件全部送达；如果中断，打开案件页面会继续。',
    en: 'The report has arrived. Keep this page open until the files have too; if it is cut off, the page of the case goes on with them.',
  },
  arrived: {
    'zh-CN': '{{count}} 个文件已送达，安全人员可以查看。',
    en: 'Files that have arrived and can be looked at: {{count}}.',
  },
  next: { 'zh-CN': '接下来', en: 'What happens next' },
  by: { 'zh-CN': '最晚：', en: 'At the latest: ' },
  mail: {
    'zh-CN': '我们也发了一封邮件到 {{address}}。',
    en: 'We have also written to {{address}}.',
  },
  follow: { 'zh-CN': '查看案件', en: 'Follow the case' },
  another: { 'zh-CN': '再报告一件事', en: 'Report something else' },
});

export type Result = Reply<'submitReport'> & {
  readonly kind: Kind;
  readonly contact: string;
  /** How many follow into the case. */
  readonly files: number;
};

/** This tab only: a phone that throws the page away while its reader pastes the link elsewhere must not lose it. */
const KEPT_AS = 'report-result';
export const keepResult = (result: Result): void => sessionStorage.setItem(KEPT_AS, JSON.stringify(result));
export function keptResult(): Result | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(KEPT_AS) ?? 'null') as Result | null) ?? undefined;
  } catch {
    return undefined;
  }
}

interface Props {
  readonly result: Result;
  readonly me: Me | undefined;
  readonly onAnother: () => void;
}

/** What became of the report, and what comes next. */
export function Sent({ result, me, onAnother }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const { caseNumber, caseId, joined, evidence, contact, kind } = result;
  const leave = () => {
    sessionStorage.removeItem(KEPT_AS);
    onAnother();
  };
  return (
    <article className="sent">
      <h1>{say('title')}</h1>
      {joined ? <Notice>{say('joined')}</Notice> : null}
      <section className="sheet">
        <h2>{say('number')}</h2>
        <p className="row number">
          <output className="case-number">{caseNumber}</output>
          <CopyButton text={caseNumber} what={say('number')} />
        </p>
        <p className="hint">{say('numberWhy')}</p>
      </section>
      {caseId ? null : <TrackingLink result={result} />}
      {caseId && me ? <OwnCase caseId={caseId} files={result.files} /> : <WhatOfTheAccount result={result} />}
      {evidence.length > 0 ? <Notice kind="good">{say('arrived', { count: evidence.length })}</Notice> : null}
      {caseId && me ? null : <Next steps={result.next} />}
      {contact ? <p>{say('mail', { address: contact })}</p> : null}
      <Meanwhile kind={kind} />
      <p className="row">
        {caseId ? (
          <Link className="button act" href={`/cases/${caseId}`} onClick={() => sessionStorage.removeItem(KEPT_AS)}>
            {say('follow')}
          </Link>
        ) : null}
        <Button onClick={leave}>{say('another')}</Button>
      </p>
    </article>
  );
}

function TrackingLink({ result: { trackingLink, caseNumber } }: { readonly result: Result }): ReactNode {
  const say = useTexts(TEXTS);
  const [kept, setKept] = useState(false);
  const save = () => {
    saveFile(`${caseNumber}.txt`, new Blob([say('file', { number: caseNumber, link: trackingLink })]));
    setKept(true);
  };
  return (
    <section className="sheet">
      <h2>{say('link')}</h2>
      <p className="tracking-link">{trackingLink}</p>
      <Notice kind={kept ? 'good' : 'warn'}>{say(kept ? 'kept' : 'linkWhy')}</Notice>
      <p className="row">
        <CopyButton text={trackingLink} what={say('link')} onDone={() => setKept(true)} />
        <Button onClick={save}>{say('save')}</Button>
      </p>
    </section>
  );
}

/** Signed in, the case itself says how the freeze stands, and takes the files. */
function OwnCase({ caseId, files }: { readonly caseId: string; readonly files: number }): ReactNode {
  const say = useTexts(TEXTS);
  const queries = useQueryClient();
  const { data } = useCase(caseId);
  const freezes = data?.freezes ?? [];
  return (
    <>
      {freezes.length > 0 || !data ? (
        <section className="sheet">
          <h2>{say('freeze')}</h2>
          <Freezes freezes={freezes} />
        </section>
      ) : (
        <Notice>{say('none')}</Notice>
      )}
      {data ? <Next steps={[{ what: data.state.next, by: data.state.due ?? null }]} /> : null}
      {files > 0 ? (
        <section className="sheet uploads">
          <h2>{say('files')}</h2>
          <p>{say('filesWhy')}</p>
          <Uploads
            caseId={caseId}
            adding={false}
            onArrived={() => void queries.invalidateQueries({ queryKey: ['listEvidence', caseId] })}
          />
        </section>
      ) : null}
    </>
  );
}

function WhatOfTheAccount({ result: { freeze } }: { readonly result: Result }): ReactNode {
  const say = useTexts(TEXTS);
  if (freeze.state === 'hold-asked') return <Notice>{say('holdAsked')}</Notice>;
  return freeze.state === 'none' ? <Notice>{say('none')}</Notice> : null;
}

function Next({ steps }: { readonly steps: Result['next'] }): ReactNode {
  const say = useTexts(TEXTS);
  const inWords = useSay();
  return (
    <section className="sheet">
      <h2>{say('next')}</h2>
      <ol className="next">
        {steps.map(({ what, by }) => (
          <li key={what.en}>
            {inWords(what)}
            {by ? (
              <p className="hint">
                {say('by')}
                <Time at={by} />
              </p>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
