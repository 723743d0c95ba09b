import { type ReactNode, useState } from 'react';
import { call } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { ApiProblem } from '../../ground/problem.js';
import { Time } from '../../ground/time.js';
import { Button } from '../../ground/ui.js';
import { eventsOf, type KeptReceipt, useReceipts } from '../receipts.js';
import { saveFile } from '../save-file.js';

const TEXTS = textsOf('receipts', {
  title: { 'zh-CN': '回执', en: 'Receipts' },
  why: {
    'zh-CN': '每次您操作后，审计日志都会给一份签名的回执：它承诺这件事已被记录，事后无法改写。回执保存在本机。',
    en: 'After each of your acts the audit log gives a signed receipt: a promise that it is on record and cannot be rewritten. They are kept on this device.',
  },
  none: { 'zh-CN': '本机没有这个案件的回执。', en: 'No receipts of this case are on this device.' },
  report: { 'zh-CN': '报告', en: 'Report' },
  evidence: { 'zh-CN': '添加证据', en: 'Evidence added' },
  message: { 'zh-CN': '消息', en: 'Message' },
  authenticator: { 'zh-CN': '身份证明', en: 'Proof of identity' },
  copy: { 'zh-CN': '下载案件副本', en: 'Copy of the case' },
  save: { 'zh-CN': '保存', en: 'Save' },
  check: { 'zh-CN': '核对', en: 'Check' },
  checking: { 'zh-CN': '正在核对……', en: 'Checking …' },
  in: { 'zh-CN': '已在日志中', en: 'in the log' },
  soon: { 'zh-CN': '还未写入日志，请稍后再核对', en: 'not in the log yet; check again shortly' },
  missing: {
    'zh-CN': '日志中没有：请把这份回执交给我们的合规人员',
    en: 'not in the log: show this receipt to our compliance officers',
  },
  away: { 'zh-CN': '现在无法核对', en: 'cannot be checked right now' },
});

/** What the audit log promised to this device, to be saved, and held against the log. */
export function Receipts({ caseId }: { readonly caseId: string }): ReactNode {
  const say = useTexts(TEXTS);
  const kept = useReceipts(caseId);
  return (
    <details className="sheet">
      <summary>
        <h2>{say('title')}</h2>
      </summary>
      <p className="hint">{say('why')}</p>
      {kept.length === 0 ? <p>{say('none')}</p> : null}
      <ul className="receipts">
        {kept.toReversed().map((receipt) => (
          <Receipt key={receipt.note} receipt={receipt} />
        ))}
      </ul>
    </details>
  );
}

function Receipt({ receipt: { act, at, note } }: { readonly receipt: KeptReceipt }): ReactNode {
  const say = useTexts(TEXTS);
  const [state, setState] = useState<'checking' | 'in' | 'soon' | 'missing' | 'away'>();
  const check = async () => {
    setState('checking');
    try {
      for (const eventId of eventsOf(note)) await call('readAuditProof', { params: { eventId } });
      setState('in');
    } catch (error) {
      const code = error instanceof ApiProblem ? error.code : '';
      setState(code === 'not_in_log_yet' ? 'soon' : code === 'event_not_found' ? 'missing' : 'away');
    }
  };
  return (
    <li>
      <span>
        <strong>{say(act)}</strong>{' '}
        <span className="hint">
          <Time at={at} />
        </span>
        <span className="hint" role="status">
          {state ? ` · ${say(state)}` : ''}
        </span>
      </span>
      <span className="row">
        <Button look="link" onClick={() => void check()}>
          {say('check')}
          <span className="visually-hidden">
            {' '}
            {say(act)} {at}
          </span>
        </Button>
        <Button
          look="link"
          onClick={() => saveFile(`receipt-${at.slice(0, 19).replace(/\D/g, '')}.txt`, new Blob([note]))}
        >
          {say('save')}
          <span className="visually-hidden">
            {' '}
            {say(act)} {at}
          </span>
        </Button>
      </span>
    </li>
  );
}
