import { Button, Progress } from 'antd';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { send } from '../../ground/client.js';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import { Field, Notice } from '../../ground/ui.js';
import { useAct } from '../../ground/use-act.js';
import { type Progress as Far, readWhole, saveFile } from '../../staff/save-file.js';
import { useFragment } from '../../staff/use-fragment.js';
import { findCase } from './find-case.js';

const TEXTS = textsOf('case-export', {
  title: { 'zh-CN': '导出一个案件', en: 'Export a case' },
  why: {
    'zh-CN': '日志中关于这个案件的全部内容：事件、尚未抹除的个人信息、证明、检查点和公钥。导出需要您确认，并会被记录。',
    en: 'Everything the log has about the case: events, personal data that is not erased, proofs, checkpoint and keys. You confirm it, and it is recorded.',
  },
  which: { 'zh-CN': '案件号或案件编号', en: 'Case number or id' },
  hint: { 'zh-CN': '例如 FB-7K2M-9QXT-4', en: 'Such as FB-7K2M-9QXT-4' },
  unknown: { 'zh-CN': '没有这个案件号。', en: 'There is no case of that number.' },
  nothing: { 'zh-CN': '日志里没有关于这个案件的事件。', en: 'The log has nothing about that case.' },
  notYet: { 'zh-CN': '日志还没有签名。请稍后再试。', en: 'The log is not signed yet. Try again in a moment.' },
  go: { 'zh-CN': '导出…', en: 'Export …' },
  stop: { 'zh-CN': '停止', en: 'Stop' },
  stopped: { 'zh-CN': '已停止，没有保存文件。', en: 'Stopped. Nothing was saved.' },
  broken: {
    'zh-CN': '下载中断了，没有保存不完整的文件。请再导出一次。',
    en: 'The download broke off; nothing incomplete was saved. Export it again.',
  },
  far: { 'zh-CN': '已收到 {{lines}} 行，{{size}}', en: '{{lines}} lines, {{size}} so far' },
  progress: { 'zh-CN': '下载进度', en: 'Download' },
  saved: {
    'zh-CN': '已保存 {{name}}（{{lines}} 行，{{size}}）。',
    en: 'Saved {{name}} ({{lines}} lines, {{size}}).',
  },
  verify: { 'zh-CN': '现在核对它', en: 'Check it now' },
});

const UNITS = ['B', 'kB', 'MB', 'GB'] as const;

function sizeIn(language: string, bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = (bytes / 1_000 ** power).toLocaleString(language, { maximumFractionDigits: power === 0 ? 0 : 1 });
  return `${value} ${UNITS[power]}`;
}

/** Exports one case: confirmed, then downloaded with a count of what came; a download that breaks off leaves no file. */
export function CaseExport(): ReactNode {
  const say = useTexts(TEXTS);
  const language = useLanguage();
  const [{ case: named = '' }] = useFragment();
  const [which, setWhich] = useState(named);
  const [far, setFar] = useState<Far>();
  const [ended, setEnded] = useState<ReactNode>();
  const [missing, setMissing] = useState('');
  const stopper = useRef<AbortController>(undefined);
  const { busy, trouble, run } = useAct({ event_not_found: say('nothing'), not_in_log_yet: say('notYet') });

  const exportIt = async (key: string) => {
    const caseId = await findCase(which);
    if (!caseId) return setMissing(say('unknown'));
    const stop = new AbortController();
    stopper.current = stop;
    try {
      const response = await send('exportCaseAudit', { params: { caseId }, key, signal: stop.signal });
      setFar({ bytes: 0, lines: 0 });
      let last: Far = { bytes: 0, lines: 0 };
      const file = await readWhole(response, (now) => {
        last = now;
        setFar(now);
      });
      const name = `${caseId}.audit.ndjson`;
      saveFile(file, name);
      const size = sizeIn(language, last.bytes);
      setEnded(
        <Notice kind="good">
          {say('saved', { name, lines: last.lines, size })} <a href="/verify">{say('verify')}</a>
        </Notice>,
      );
    } catch (error) {
      if (stop.signal.aborted) return setEnded(<Notice>{say('stopped')}</Notice>);
      if (!(error instanceof TypeError)) throw error; // what fetch says when a body breaks off
      setEnded(<Notice kind="bad">{say('broken')}</Notice>);
    } finally {
      setFar(undefined);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setEnded(undefined);
    setMissing('');
    void run(exportIt);
  };
  return (
    <section className="sheet" aria-label={say('title')}>
      <h2>{say('title')}</h2>
      <p>{say('why')}</p>
      <form className="line-form" onSubmit={submit}>
        <Field label={say('which')} hint={say('hint')} trouble={missing || trouble}>
          {(ties) => (
            <input
              {...ties}
              required
              maxLength={40}
              spellCheck={false}
              autoComplete="off"
              value={which}
              onChange={({ target }) => setWhich(target.value)}
            />
          )}
        </Field>
        <Button type="primary" htmlType="submit" loading={busy}>
          {say('go')}
        </Button>
      </form>
      {far ? (
        <div className="far">
          <Progress percent={100} status="active" showInfo={false} aria-label={say('progress')} />
          <p role="status">{say('far', { lines: far.lines, size: sizeIn(language, far.bytes) })}</p>
          <Button size="small" onClick={() => stopper.current?.abort()}>
            {say('stop')}
          </Button>
        </div>
      ) : null}
      {ended}
    </section>
  );
}
