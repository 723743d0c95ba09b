import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal } from 'antd';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { textsOf, useTexts } from '../../ground/language.js';
import { Cancelled } from '../../ground/problem.js';
import { Notice } from '../../ground/ui.js';
import { type ActName, isStaffCase, type StaffCase } from '../case-types.js';
import { useDraft } from '../use-draft.js';
import { useActTexts } from './act-texts.js';
import { useActProblem } from './use-act-problem.js';

const TEXTS = textsOf('desk-act-dialog', {
  about: { 'zh-CN': '案件 {{number}}', en: 'Case {{number}}' },
  cancel: { 'zh-CN': '取消', en: 'Cancel' },
  done: { 'zh-CN': '已完成：{{act}}', en: 'Done: {{act}}' },
  kept: { 'zh-CN': '您填写的内容会保留到提交为止。', en: 'What you fill in is kept until it is sent.' },
});

export interface ActProps {
  readonly file: StaffCase;
  readonly onClose: () => void;
}

export interface SendWith {
  readonly params: { readonly caseId: string };
  /** The same for every press until it was answered: a lost answer does nothing twice. */
  readonly key: string;
}

interface Props<Draft extends object> extends ActProps {
  readonly act: ActName;
  /** Where one case has several of them. */
  readonly of?: string;
  readonly empty: Draft;
  readonly ready?: (draft: Draft) => boolean;
  readonly send: (draft: Draft, how: SendWith) => Promise<unknown>;
  readonly danger?: boolean;
  /** What is shown in place of the form once it is done; without it the dialog closes. */
  readonly answer?: (reply: unknown) => ReactNode;
  readonly children?: (draft: Draft, change: (part: Partial<Draft>) => void) => ReactNode;
}

/**
 * One act on a case: its form in a dialog, kept as typed whatever the server says, and the case as the act left it on the page
 * behind it.
 */
export function ActDialog<Draft extends object>(props: Props<Draft>): ReactNode {
  const { file, act, of = '', empty, ready = () => true, send, danger = false, answer, children, onClose } = props;
  const say = useTexts(TEXTS);
  const { name } = useActTexts();
  const problemText = useActProblem();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [draft, change, forget] = useDraft(sessionStorage, `act ${file.caseId} ${act} ${of}`, empty);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const [reply, setReply] = useState<unknown>();
  const sent = useRef({ key: crypto.randomUUID() as string, body: '' });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || !ready(draft)) return;
    setBusy(true);
    setTrouble('');
    const body = JSON.stringify(draft);
    if (sent.current.body !== body) sent.current = { key: crypto.randomUUID(), body };
    try {
      const answered = await send(draft, { params: { caseId: file.caseId }, key: sent.current.key });
      forget();
      const after = (answered as { case?: StaffCase } | undefined)?.case ?? (answered as StaffCase | undefined);
      if (after && 'caseId' in after && isStaffCase(after)) client.setQueryData(['getCase', file.caseId], after);
      void client.invalidateQueries({ queryKey: ['getCase', file.caseId] });
      void client.invalidateQueries({ queryKey: ['getTimeline', file.caseId] });
      void client.invalidateQueries({ queryKey: ['caseLines'] });
      if (answer) return setReply(() => answered);
      void message.success(say('done', { act: name(act) }));
      onClose();
    } catch (error) {
      if (!(error instanceof Cancelled)) setTrouble(problemText(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Modal
      open
      title={`${name(act)} · ${say('about', { number: file.number })}`}
      onCancel={onClose}
      footer={null}
      keyboard={!busy}
      mask={{ closable: false }}
      className="act-dialog"
    >
      {reply !== undefined && answer ? (
        answer(reply)
      ) : (
        <form onSubmit={submit}>
          {children?.(draft, change)}
          {trouble ? <Notice kind="bad">{trouble}</Notice> : null}
          <p className="hint">{say('kept')}</p>
          <div className="actions">
            <Button onClick={onClose}>{say('cancel')}</Button>
            <Button type="primary" danger={danger} htmlType="submit" loading={busy} disabled={!ready(draft)}>
              {name(act)}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
