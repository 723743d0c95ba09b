import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Reply } from '../../ground/client.js';
import { textsOf, useLanguage, useTexts } from '../../ground/language.js';
import { Cancelled } from '../../ground/problem.js';
import { useProblemText } from '../../ground/problem-texts.js';
import type { Me } from '../../ground/session.js';
import { Button, Notice } from '../../ground/ui.js';
import { willFreeze } from './report-body.js';
import { sendReport } from './send-report.js';
import type { Drafting } from './use-draft.js';

const TEXTS = textsOf('send-bar', {
  send: { 'zh-CN': '发送报告', en: 'Send the report' },
  freeze: { 'zh-CN': '发送并冻结账户', en: 'Send and freeze the account' },
  sending: { 'zh-CN': '正在发送……', en: 'Sending …' },
  share: { 'zh-CN': '已发送 {{share}}', en: '{{share}} sent' },
  retrying: {
    'zh-CN': '网络不好，正在自动重试（第 {{tries}} 次）。内容保存在本机，不会丢失，也不会重复提交。',
    en: 'The connection is bad; trying again by itself (try {{tries}}). Everything is kept on this device, and nothing is filed twice.',
  },
  stop: { 'zh-CN': '先停下', en: 'Stop for now' },
  contact_missing: { 'zh-CN': '请留下邮箱或电话。', en: 'Leave an e-mail address or a telephone number.' },
  hold_needs_account: { 'zh-CN': '请写明是哪个账户。', en: 'Say which account it is.' },
  not_in_recent_activity: {
    'zh-CN': '勾选的活动已不在最近的记录里。请回到“哪些不是您操作的”重新勾选。',
    en: 'Something you ticked is not among the recent activity any more. Go back to “What was not you” and tick again.',
  },
  too_many_uploads: { 'zh-CN': '正在上传的文件太多。', en: 'Too many files are on their way.' },
  file_too_large: { 'zh-CN': '有一个文件太大。', en: 'One file is too large.' },
  upload_too_large: { 'zh-CN': '文件合计太大，请少选几个。', en: 'Together the files are too large. Send fewer.' },
  file_type_not_allowed: { 'zh-CN': '有一个文件的类型不被接受。', en: 'One file is of a type that is not taken.' },
  file_empty: { 'zh-CN': '有一个文件是空的。', en: 'One file is empty.' },
});

const OWN = [
  'contact_missing',
  'hold_needs_account',
  'not_in_recent_activity',
  'too_many_uploads',
  'file_too_large',
  'upload_too_large',
  'file_type_not_allowed',
  'file_empty',
] as const;

interface Props {
  readonly drafting: Drafting;
  readonly me: Me | undefined;
  readonly complete: boolean;
  readonly onSent: (reply: Reply<'submitReport'>) => void;
}

type State =
  | { readonly is: 'idle' }
  | { readonly is: 'sending'; readonly share: number }
  | { readonly is: 'retrying'; readonly tries: number };

/** The button that sends, and how far the sending is. */
export function SendBar({ drafting: { draft, files, change }, me, complete, onSent }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const language = useLanguage();
  const problemText = useProblemText();
  const [state, setState] = useState<State>({ is: 'idle' });
  const [trouble, setTrouble] = useState('');
  const ending = useRef<AbortController>(undefined);
  useEffect(() => () => ending.current?.abort(), []);

  const send = async () => {
    const stopping = new AbortController();
    ending.current = stopping;
    const { signal } = stopping;
    setTrouble('');
    setState({ is: 'sending', share: 0 });
    try {
      const reply = await sendReport({
        draft,
        files,
        me,
        language,
        signal,
        onKey: (sent) => change({ sent }),
        onProgress: (share) => setState({ is: 'sending', share }),
        onWait: (tries) => setState({ is: 'retrying', tries }),
      });
      onSent(reply);
    } catch (error) {
      setState({ is: 'idle' });
      const own = Object.fromEntries(OWN.map((code) => [code, say(code)]));
      if (!(error instanceof Cancelled || signal.aborted)) setTrouble(problemText(error, own));
    }
  };
  const busy = state.is !== 'idle';
  const percent = (share: number) => new Intl.NumberFormat(language, { style: 'percent' }).format(share);
  return (
    <div className="send">
      {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
      {state.is === 'sending' && files.length > 0 && !me ? (
        <progress max={1} value={state.share} aria-label={say('share', { share: percent(state.share) })} />
      ) : null}
      {state.is === 'retrying' ? <Notice kind="warn">{say('retrying', { tries: state.tries })}</Notice> : null}
      <div className="row">
        {busy ? <Button onClick={() => ending.current?.abort()}>{say('stop')}</Button> : null}
        <Button look="act" className="big" busy={busy} disabled={!complete} onClick={() => void send()}>
          {say(busy ? 'sending' : willFreeze(draft, me) ? 'freeze' : 'send')}
        </Button>
      </div>
    </div>
  );
}
