import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { type Reply, send } from '../../ground/client.js';
import { textsOf, useTexts } from '../../ground/language.js';
import { useProblemText } from '../../ground/problem-texts.js';
import { Time } from '../../ground/time.js';
import { Button, Field, Notice } from '../../ground/ui.js';
import { receiptsOf } from '../../ground/upload.js';
import { keepReceipts } from '../receipts.js';

const TEXTS = textsOf('messages', {
  title: { 'zh-CN': '消息', en: 'Messages' },
  none: { 'zh-CN': '还没有消息。', en: 'No message yet.' },
  customer: { 'zh-CN': '您', en: 'You' },
  staff: { 'zh-CN': '安全人员', en: 'Security officer' },
  write: { 'zh-CN': '写给安全人员', en: 'Write to the security officers' },
  hint: { 'zh-CN': '不要写密码、验证码或私钥。', en: 'No passwords, codes or private keys.' },
  send: { 'zh-CN': '发送消息', en: 'Send the message' },
  case_full: { 'zh-CN': '本案的消息已满。', en: 'This case holds as many messages as it can.' },
});

const MOST = 5_000;
const keptAs = (caseId: string): string => `message.${caseId}`;

interface Props {
  readonly caseId: string;
  readonly entries: Reply<'getTimeline'>['entries'];
  readonly onSent: () => void;
}

/** What was written between the customer and us. What is being written stays on this device until it was sent. */
export function Messages({ caseId, entries, onSent }: Props): ReactNode {
  const say = useTexts(TEXTS);
  const problemText = useProblemText();
  const [typed, setTyped] = useState(() => localStorage.getItem(keptAs(caseId)) ?? '');
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const key = useRef(crypto.randomUUID());
  const messages = entries.flatMap(({ message }) => message ?? []);

  const type = (text: string) => {
    setTyped(text);
    key.current = crypto.randomUUID();
    localStorage.setItem(keptAs(caseId), text);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !typed.trim()) return;
    setBusy(true);
    setTrouble('');
    try {
      const body = { text: typed.trim() };
      const answer = await send('addMessage', { params: { caseId }, body, key: key.current });
      keepReceipts(caseId, 'message', receiptsOf(answer.headers.get('Audit-Receipt')));
      type('');
      localStorage.removeItem(keptAs(caseId));
      onSent();
    } catch (error) {
      setTrouble(problemText(error, { case_full: say('case_full') }));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="sheet">
      <h2>{say('title')}</h2>
      {messages.length === 0 ? <p className="hint">{say('none')}</p> : null}
      <ol className="messages" aria-live="polite">
        {messages.map(({ messageId, from, text, at }) => (
          <li key={messageId} data-from={from}>
            <span className="hint">
              <strong>{say(from)}</strong> · <Time at={at} style="short" />
            </span>
            <bdi className="words">{text}</bdi>
          </li>
        ))}
      </ol>
      <form onSubmit={(event) => void submit(event)}>
        <Field label={say('write')} hint={say('hint')}>
          {(ties) => (
            <textarea {...ties} rows={3} maxLength={MOST} value={typed} onChange={({ target }) => type(target.value)} />
          )}
        </Field>
        {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
        <Button type="submit" busy={busy} disabled={!typed.trim()}>
          {say('send')}
        </Button>
      </form>
    </section>
  );
}
