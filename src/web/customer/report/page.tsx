import { type ReactNode, useState } from 'react';
import { SessionEnded } from '../../ground/gate.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { type Session, useSession } from '../../ground/session.js';
import { Notice, Waiting } from '../../ground/ui.js';
import '../parts.css';
import './report.css';
import { ReportForm } from './report-form.js';
import { keptResult, type Result, Sent } from './sent.js';

const TEXTS = textsOf('report-page', {
  wait: { 'zh-CN': '正在打开……', en: 'Opening …' },
  away: {
    'zh-CN': '现在联系不上服务器。您可以继续填写，内容保存在本机；网络恢复后再发送。',
    en: 'The server cannot be reached right now. Go on writing: it is kept on this device, to be sent once you are back on a network.',
  },
});

const LAST = 'report-owner';

/** Whose draft it is. While the server cannot be asked, whoever last wrote on this device goes on with theirs. */
function ownerOf(session: Session): string {
  if (session.state === 'away') return localStorage.getItem(LAST) ?? '';
  return 'me' in session ? session.me.id : '';
}

/** A report: the form, and then what became of it. */
export function ReportPage(): ReactNode {
  const say = useTexts(TEXTS);
  const session = useSession();
  const [result, setResult] = useState<Result | undefined>(keptResult);
  if (session.state === 'unknown') return <Waiting>{say('wait')}</Waiting>;
  const me = 'me' in session ? session.me : undefined;
  const owner = ownerOf(session);
  if (session.state !== 'away') localStorage.setItem(LAST, owner);
  return (
    <>
      {session.state === 'away' ? <Notice kind="warn">{say('away')}</Notice> : null}
      {result ? (
        <Sent result={result} me={me} onAnother={() => setResult(undefined)} />
      ) : (
        <ReportForm key={owner} owner={owner} me={me} onSent={setResult} />
      )}
      <SessionEnded />
    </>
  );
}
